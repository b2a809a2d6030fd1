namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Simple hold music: a chord every two seconds and a melody above it, each note with four harmonics that die away.</summary>
internal sealed class Music(Random random) : ISound
{
    private const int Beat = SampleRate.Hz / 2;
    private const int BeatsOfChord = 4;
    private const int Melody = 12;
    private const float Gain = 0.35f;
    private static readonly int[][] Chords = [[0, 4, 7], [9, 12, 16], [5, 9, 12], [7, 11, 14]];

    private readonly List<Note> _notes = [];
    private int _at;

    public float Next()
    {
        if (_at % Beat == 0)
        {
            Play(_at / Beat);
        }
        _at++;
        return Gain * _notes.Sum(note => note.Next());
    }

    private void Play(int beat)
    {
        _notes.RemoveAll(note => note.IsSilent);
        var chord = Chords[beat / BeatsOfChord % Chords.Length];
        if (beat % BeatsOfChord == 0)
        {
            _notes.AddRange(chord.Select(tone => new Note(tone, 0.5f)));
        }
        _notes.Add(new Note(Melody + chord[random.Next(chord.Length)], 1));
    }

    /// <param name="halfTones">Above the C below the middle one.</param>
    /// <param name="loudness">At its start.</param>
    private sealed class Note(int halfTones, float loudness)
    {
        private const int Harmonics = 4;

        // Half as loud after 0.35 s.
        private const float Decay = 0.999876f;

        private readonly double _step = 130.81 * Math.Pow(2, halfTones / 12.0) / SampleRate.Hz;
        private double _phase;
        private float _loudness = loudness;

        public bool IsSilent => _loudness < 0.001f;

        public float Next()
        {
            _phase = (_phase + _step) % 1;
            _loudness *= Decay;
            var sum = 0.0;
            for (var harmonic = 1; harmonic <= Harmonics; harmonic++)
            {
                sum += Math.Sin(2 * Math.PI * harmonic * _phase) / (harmonic * harmonic);
            }
            return _loudness * (float)sum;
        }
    }
}
