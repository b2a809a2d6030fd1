namespace WhisperMesh.Router.Workers.Health;

/// <summary>How one try at a worker ended.</summary>
/// <param name="Kind">What it says of the worker.</param>
/// <param name="Elapsed">From the start of the try.</param>
/// <param name="Audio">Audio that was transcribed or made; zero where it is not known.</param>
internal readonly record struct WorkerOutcome(WorkerOutcomeKind Kind, TimeSpan Elapsed = default, TimeSpan Audio = default);

internal enum WorkerOutcomeKind
{
    /// <summary>It answered, be it with an error that is about the request.</summary>
    Served,

    /// <summary>It could not be reached, or took nothing.</summary>
    Refused,

    /// <summary>Its queue is full, or the model is not ready: no fault.</summary>
    Busy,

    /// <summary>It, or the way to it, broke while it had the request.</summary>
    Died,

    /// <summary>The caller went away, or another worker was faster: says nothing.</summary>
    Cancelled,
}
