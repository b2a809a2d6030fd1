using WhisperMesh.Router.Workers.Health;

namespace WhisperMesh.Router.Workers.Load;

/// <summary>One try at a worker. Guarded by the pool's lock.</summary>
internal sealed class RunningWork(PredictedWork work, string model, long startedAt, int concurrency, bool cold)
{
    // Of the audio's length; a live stream takes all of it.
    private const double LongestUpload = 0.25;
    private const double ShortUploadSeconds = 0.5;

    public PredictedWork Work { get; } = work;

    public string Model { get; } = model;

    public long StartedAt { get; } = startedAt;

    /// <summary>Requests at the worker when it began, itself included.</summary>
    public int Concurrency { get; } = concurrency;

    /// <summary>Whether the model had to be loaded first.</summary>
    public bool Cold { get; } = cold;

    /// <summary>
    /// Timestamp from which its latency tells of the worker's speed: when all audio was there. Null for a model that had to be loaded
    /// first, and for audio that came about as slowly as it was spoken.
    /// </summary>
    public long? TellingSince(TimeProvider time)
    {
        if (Cold || Work.CompleteAt is not { } complete)
        {
            return null;
        }

        var waited = complete > StartedAt ? time.GetElapsedTime(StartedAt, complete) : TimeSpan.Zero;
        return waited.TotalSeconds > (Work.AudioSeconds * LongestUpload) + ShortUploadSeconds ? null : Math.Max(StartedAt, complete);
    }

    /// <summary>Audio that the speed was credited with, in seconds.</summary>
    public double CreditedSeconds { get; set; }

    public WorkerOutcomeKind? Outcome { get; set; }
}
