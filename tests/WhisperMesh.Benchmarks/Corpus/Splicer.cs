using System.Runtime.InteropServices;

namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>Joins recordings, with pauses of low noise between them. The same seed gives the same file.</summary>
internal sealed class Splicer(int seed)
{
    // About 70 dB below full scale, as a quiet line has it.
    private const int NoisePeak = 10;

    private readonly Random _random = new(seed);
    private readonly List<short> _samples = [];
    private readonly List<SplicedClip> _parts = [];

    public TimeSpan Duration => WavFile.Time(_samples.Count);

    public ReadOnlySpan<short> Samples => CollectionsMarshal.AsSpan(_samples);

    /// <summary>The recordings so far, and where they lie.</summary>
    public IReadOnlyList<SplicedClip> Parts => _parts;

    public void Add(Clip clip)
    {
        var samples = WavFile.Read(clip.Path);
        var (start, end) = VoiceGate.Find(samples);
        _parts.Add(new SplicedClip(clip, WavFile.Time(_samples.Count + start), WavFile.Time(_samples.Count + end)));
        _samples.AddRange(samples);
    }

    /// <summary>Only the voice, without the silence around it.</summary>
    public void AddVoice(Clip clip)
    {
        var samples = WavFile.Read(clip.Path);
        var (start, end) = VoiceGate.Find(samples);
        _parts.Add(new SplicedClip(clip, WavFile.Time(_samples.Count), WavFile.Time(_samples.Count + end - start)));
        _samples.AddRange(samples[start..end]);
    }

    public void AddPause(double minSeconds, double maxSeconds)
    {
        var seconds = minSeconds + _random.NextDouble() * (maxSeconds - minSeconds);
        for (var left = (int)(seconds * WavFile.SampleRateHz); left > 0; left--)
        {
            _samples.Add((short)_random.Next(-NoisePeak, NoisePeak + 1));
        }
    }

    /// <summary>The clips in a new order.</summary>
    public IReadOnlyList<Clip> Shuffle(IEnumerable<Clip> clips)
    {
        Clip[] shuffled = [.. clips];
        _random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Writes what was joined to a file, in the language given: null for several.</summary>
    public Clip Save(string path, string? language)
    {
        WavFile.Write(path, [.. _samples]);
        return new Clip(path, language, Duration, string.Join(' ', _parts.Select(part => part.Clip.Text)));
    }
}

/// <summary>A recording in a spliced file: where its first word starts, and its last one ends.</summary>
internal sealed record SplicedClip(Clip Clip, TimeSpan VoiceStart, TimeSpan VoiceEnd);
