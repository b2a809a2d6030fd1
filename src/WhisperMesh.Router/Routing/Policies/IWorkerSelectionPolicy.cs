using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Routing.Policies;

/// <summary>Chooses one worker among those that can serve. Called with the pool's lock held: it must not wait.</summary>
internal interface IWorkerSelectionPolicy
{
    /// <summary>Name in the configuration and in the reply.</summary>
    string Name { get; }

    /// <param name="candidates">At least one.</param>
    /// <param name="context">What of the request counts.</param>
    WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context);
}

/// <summary>A worker that can serve the request, and with which of its models.</summary>
internal readonly record struct WorkerCandidate(WorkerState State, WorkerMatch Match);

/// <summary>What of a request a policy may look at.</summary>
/// <param name="Session">Value that requests of one session share; null: none.</param>
/// <param name="LatencyBuffer">Share by which a worker may be slower than the fastest.</param>
internal sealed record SelectionContext(string? Session = null, double LatencyBuffer = 0.5);
