namespace WhisperMesh.Whisper.Tests.Transcribing;

/// <summary>Recordings one after another, and where in the whole the voice begins in each.</summary>
internal sealed record Splice(float[] Samples, IReadOnlyList<Recording> Recordings, IReadOnlyList<TimeSpan> Onsets)
{
    private const int Frame = 160;

    // 30 dB below the loudest frame: above the noise of these recordings, below their softest first sounds.
    private const float Loud = 0.001f;

    /// <param name="recordings">What to join.</param>
    /// <param name="pause">Samples of silence after each.</param>
    /// <param name="tight">Whether to cut off the silence around each.</param>
    public static Splice Of(IEnumerable<Recording> recordings, int pause, bool tight = false)
    {
        var samples = new List<float>();
        var (joined, onsets) = (recordings.ToList(), new List<TimeSpan>());
        foreach (var recording in joined)
        {
            var sound = recording.Samples();
            var (start, end) = Voice(sound);
            onsets.Add(TimeSpan.FromSeconds((samples.Count + (tight ? 0 : start)) / 16_000.0));
            samples.AddRange(tight ? sound[start..end] : sound);
            samples.AddRange(new float[pause]);
        }
        return new Splice([.. samples], joined, onsets);
    }

    private static (int Start, int End) Voice(float[] samples)
    {
        float[] energy = [.. samples.Chunk(Frame).Select(frame => frame.Sum(sample => sample * sample))];
        var loud = energy.Max() * Loud;
        return (Array.FindIndex(energy, e => e > loud) * Frame,
            Math.Min((Array.FindLastIndex(energy, e => e > loud) + 1) * Frame, samples.Length));
    }
}
