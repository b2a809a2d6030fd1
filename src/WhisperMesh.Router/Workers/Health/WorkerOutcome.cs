namespace WhisperMesh.Router.Workers.Health;

/// <summary>How one try at a worker ended.</summary>
/// <param name="Kind">What it says of the worker.</param>
/// <param name="Elapsed">From when the worker could have all of the audio, to the end of the try.</param>
/// <param name="Audio">Audio that was transcribed or made; zero where it is not known.</param>
/// <param name="RetryAfter">How long it asked to be left alone; null: it did not.</param>
internal readonly record struct WorkerOutcome(
    WorkerOutcomeKind Kind, TimeSpan Elapsed = default, TimeSpan Audio = default, TimeSpan? RetryAfter = null);

internal enum WorkerOutcomeKind
{
    /// <summary>It answered, be it with an error that is about the request.</summary>
    Served,

    /// <summary>It could not be reached, or took nothing.</summary>
    Refused,

    /// <summary>Its queue is full, or the model is not ready: no fault.</summary>
    Busy,

    /// <summary>It answered that something in it failed.</summary>
    Failed,

    /// <summary>It, or the way to it, broke while it had the request.</summary>
    Died,

    /// <summary>The caller went away, its time was up, or another worker was faster: says nothing.</summary>
    Cancelled,
}
