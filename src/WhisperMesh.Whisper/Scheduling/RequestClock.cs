namespace WhisperMesh.Whisper.Scheduling;

/// <summary>Where the time of a request went. Thread-safe: its windows go through the batch side by side.</summary>
internal sealed class RequestClock
{
    private long _queued;
    private long _features;
    private long _encoding;
    private long _decoding;

    public TimeSpan Queued => new(Volatile.Read(ref _queued));

    public TimeSpan Features => new(Volatile.Read(ref _features));

    public TimeSpan Encoding => new(Volatile.Read(ref _encoding));

    public TimeSpan Decoding => new(Volatile.Read(ref _decoding));

    public void AddFeatures(TimeSpan elapsed) => Interlocked.Add(ref _features, elapsed.Ticks);

    public void Add(WindowJob job)
    {
        Interlocked.Add(ref _queued, job.Queued.Ticks);
        Interlocked.Add(ref _encoding, job.Encoding.Ticks);
        Interlocked.Add(ref _decoding, job.Decoding.Ticks);
    }
}
