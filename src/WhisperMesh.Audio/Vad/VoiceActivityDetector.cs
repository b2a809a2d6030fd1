namespace WhisperMesh.Audio;

/// <summary>
/// Finds speech in one stream of 16 kHz mono samples: feed blocks of any size, take the spans that each one settles. The split into
/// blocks does not change the result. Not thread-safe: one detector a stream, over a shared model.
/// </summary>
public sealed class VoiceActivityDetector
{
    // One run of the model takes about a second of audio: enough to spare the calls, little enough to stay in cache.
    private const int MaxRows = 32;

    private readonly SileroVad _model;
    private readonly SpeechTracker _tracker;
    private readonly float[] _hidden = new float[SileroVad.StateLength];
    private readonly float[] _cell = new float[SileroVad.StateLength];
    private readonly float[] _rows = new float[MaxRows * SileroVad.RowLength];
    private readonly float[] _probabilities = new float[MaxRows];
    private readonly float[] _context = new float[SileroVad.ContextLength];
    private readonly float[] _chunk = new float[SileroVad.ChunkLength];
    private readonly List<SpeechSpan> _found = [];
    private int _chunkCount;
    private int _rowCount;

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
            var count = Math.Min(samples.Length, SileroVad.ChunkLength - _chunkCount);
            samples[..count].CopyTo(_chunk.AsSpan(_chunkCount));
            _chunkCount += count;
            samples = samples[count..];
            if (_chunkCount == SileroVad.ChunkLength)
            {
                AddRow();
            }
        }

        Run();
        return _found;
    }

    /// <summary>Ends the stream and gives the last spans.</summary>
    public IReadOnlyList<SpeechSpan> Complete()
    {
        _found.Clear();
        if (_chunkCount > 0)
        {
            _chunk.AsSpan(_chunkCount).Clear();
            AddRow();
            Run();
        }

        _tracker.Complete(Position, _found);
        return _found;
    }

    private void AddRow()
    {
        var row = _rows.AsSpan(_rowCount * SileroVad.RowLength, SileroVad.RowLength);
        _context.CopyTo(row);
        _chunk.CopyTo(row[SileroVad.ContextLength..]);
        _chunk.AsSpan(SileroVad.ChunkLength - SileroVad.ContextLength).CopyTo(_context);
        _chunkCount = 0;
        if (++_rowCount == MaxRows)
        {
            Run();
        }
    }

    private void Run()
    {
        if (_rowCount == 0)
        {
            return;
        }

        _model.Run(_rows, _rowCount, _hidden, _cell, _probabilities);
        foreach (var probability in _probabilities.AsSpan(0, _rowCount))
        {
            _tracker.Add(probability, _found);
        }

        _rowCount = 0;
    }
}
