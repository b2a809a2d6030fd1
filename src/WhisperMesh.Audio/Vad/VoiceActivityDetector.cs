namespace WhisperMesh.Audio;

/// <summary>
/// Finds speech in one stream of 16 kHz mono samples: feed blocks of any size, take the spans that each one settles. The split into
/// blocks does not change the result. Not thread-safe: one detector a stream, over a shared model.
/// </summary>
public sealed class VoiceActivityDetector
{
    private readonly SileroVad _model;
    private readonly SpeechTracker _tracker;
    private readonly float[] _hidden = new float[SileroVad.StateLength];
    private readonly float[] _cell = new float[SileroVad.StateLength];
    private readonly float[] _probabilities = new float[SileroVad.MaxChunks];
    private readonly List<SpeechSpan> _found = [];

    // The end of the last chunk (silence before the first), then what came since.
    private readonly float[] _samples = new float[SileroVad.ContextLength + (SileroVad.MaxChunks * SileroVad.ChunkLength)];
    private int _count = SileroVad.ContextLength;

    public VoiceActivityDetector(SileroVad model, VoiceActivityOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _tracker = new SpeechTracker(options ?? new VoiceActivityOptions());
    }

    /// <summary>Samples fed so far.</summary>
    public long Position { get; private set; }

    /// <summary>All speech that starts before this sample has been given: what lies before it and in no span is silence.</summary>
    public long SettledUntil => _tracker.SettledUntil;

    /// <summary>Takes the next samples. The list holds the spans that became certain; it is valid until the next call.</summary>
    public IReadOnlyList<SpeechSpan> Process(ReadOnlySpan<float> samples)
    {
        _found.Clear();
        Position += samples.Length;
        while (samples.Length > 0)
        {
            var count = Math.Min(samples.Length, _samples.Length - _count);
            samples[..count].CopyTo(_samples.AsSpan(_count));
            _count += count;
            samples = samples[count..];
            Run();
        }

        return _found;
    }

    /// <summary>Ends the stream and gives the last spans.</summary>
    public IReadOnlyList<SpeechSpan> Complete()
    {
        _found.Clear();
        if (_count > SileroVad.ContextLength)
        {
            _samples.AsSpan(_count, SileroVad.RowLength - _count).Clear();
            _count = SileroVad.RowLength;
            Run();
        }

        _tracker.Complete(Position, _found);
        return _found;
    }

    private void Run()
    {
        var chunkCount = (_count - SileroVad.ContextLength) / SileroVad.ChunkLength;
        if (chunkCount == 0)
        {
            return;
        }

        var used = chunkCount * SileroVad.ChunkLength;
        var probabilities = _probabilities.AsSpan(0, chunkCount);
        _model.Run(_samples.AsSpan(0, SileroVad.ContextLength + used), _hidden, _cell, probabilities);
        foreach (var probability in probabilities)
        {
            _tracker.Add(probability, _found);
        }

        _samples.AsSpan(used, _count - used).CopyTo(_samples);
        _count -= used;
    }
}
