using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>One try of a request at a worker. Written by whoever makes the try.</summary>
internal sealed class JourneyAttempt(TimeProvider time, int number, string purpose, WorkerHold worker)
{
    public const string Running = "running";

    public int Number { get; } = number;

    public string Purpose { get; } = purpose;

    public string WorkerId { get; } = worker.WorkerId;

    public string Model { get; } = worker.Model;

    public string Reason { get; } = worker.Reason;

    public bool External { get; } = worker.External;

    public long Begin { get; } = time.GetTimestamp();

    /// <summary>0: it runs.</summary>
    public long End { get; private set; }

    public string Outcome { get; private set; } = Running;

    public string Detail { get; private set; } = "";

    public TimeSpan ResumedFrom { get; private set; }

    public TranscriptionTimings? Timings { get; private set; }

    public string WorkerVersion { get; private set; } = "";

    public string ModelRevision { get; private set; } = "";

    /// <summary>It begins where another worker has got to.</summary>
    public void OnResume(TimeSpan from) => ResumedFrom = from;

    /// <summary>It has given its result.</summary>
    public void Take(TranscriptionSummary summary) =>
        (Timings, WorkerVersion, ModelRevision) = (summary.Timings, summary.WorkerVersion, summary.ModelRevision);

    public void EndWith(string outcome, string detail = "") => (Outcome, Detail, End) = (outcome, detail, time.GetTimestamp());
}
