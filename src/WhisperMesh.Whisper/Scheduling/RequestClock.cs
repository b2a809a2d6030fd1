using WhisperMesh.Whisper.Telemetry;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>Where the time of a request went, and what it took. Thread-safe: its windows go through the batch side by side.</summary>
internal sealed class RequestClock
{
    private long _queued;
    private long _features;
    private long _encoding;
    private long _decoding;
    private long _prefill;
    private long _language;
    private long _alignment;
    private long _windows;
    private long _steps;
    private long _rows;
    private long _tokens;
    private long _fallbacks;
    private long _lastStep;

    public TimeSpan Features => Time(ref _features);

    public TimeSpan Encoding => Time(ref _encoding);

    public TimeSpan Decoding => Time(ref _decoding);

    /// <summary>All of it.</summary>
    /// <param name="total">From the beginning to the end.</param>
    /// <param name="voiceActivity">Finding speech.</param>
    public TranscriptionTimings Timings(TimeSpan total, TimeSpan voiceActivity) =>
        new(total, voiceActivity, Time(ref _queued), Features, Encoding, Decoding)
        {
            Prefill = Time(ref _prefill),
            LanguageDetection = Time(ref _language),
            Alignment = Time(ref _alignment),
        };

    public RecognitionWork Work() => new(
        (int)Volatile.Read(ref _windows), Volatile.Read(ref _steps), Volatile.Read(ref _rows), Volatile.Read(ref _tokens),
        (int)Volatile.Read(ref _fallbacks));

    public void AddFeatures(TimeSpan elapsed) => Interlocked.Add(ref _features, elapsed.Ticks);

    /// <summary>Finding where words are, beside the model's own part in it.</summary>
    public void AddAlignment(TimeSpan elapsed) => Interlocked.Add(ref _alignment, elapsed.Ticks);

    public void AddWindow()
    {
        Interlocked.Increment(ref _windows);
        WhisperTelemetry.Windows.Add(1);
    }

    public void AddFallback(Fallback fallback)
    {
        // The full window is heard at the same temperature.
        if (fallback != Fallback.FullWindow)
        {
            Interlocked.Increment(ref _fallbacks);
        }
        WhisperTelemetry.OnFallback(fallback);
    }

    public void Add(WindowJob job)
    {
        Interlocked.Add(ref _queued, job.Queued.Ticks);
        Interlocked.Add(ref _encoding, job.Encoding.Ticks);
        Interlocked.Add(ref _decoding, job.Decoding.Ticks);
        Interlocked.Add(ref _prefill, job.Of(Stage.Prefill).Busy.Ticks);
        Interlocked.Add(ref _language, job.Of(Stage.Language).Busy.Ticks);
        Interlocked.Add(ref _alignment, job.Of(Stage.Alignment).Busy.Ticks);
        Interlocked.Add(ref _tokens, job.Tokens);
        WhisperTelemetry.Tokens.Add(job.Tokens);
    }

    /// <summary>A step had rows of the request. Of the scheduler's thread, which tells of a step once for each window.</summary>
    internal void Stepped(long step, int rows)
    {
        if (step != _lastStep)
        {
            _lastStep = step;
            Volatile.Write(ref _steps, _steps + 1);
            Volatile.Write(ref _rows, _rows + rows);
        }
    }

    private static TimeSpan Time(ref long ticks) => new(Volatile.Read(ref ticks));
}
