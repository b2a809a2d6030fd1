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
internal readonly record struct WorkerCandidate(WorkerState State, WorkerMatch Match)
{
    /// <summary>Whether it works on as many requests as it should.</summary>
    public bool IsFull => State.IsFull;

    /// <summary>Predicted seconds until it would begin with the request, by its share of the work.</summary>
    public double Load => State.LoadFor(Match.Model.Model.Id);

    /// <summary>What decides where load does: a free place first, then the least work, and equals in turn.</summary>
    public (bool IsFull, double Load, double Turn) Burden => (IsFull, Load, State.LastPick);
}

/// <summary>What of a request a policy may look at.</summary>
/// <param name="Session">Value that requests of one session share; null: none.</param>
/// <param name="LatencyBuffer">Share by which a worker may be slower than the fastest.</param>
internal sealed record SelectionContext(string? Session = null, double LatencyBuffer = 0.5);
