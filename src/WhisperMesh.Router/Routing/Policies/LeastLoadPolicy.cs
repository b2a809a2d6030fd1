namespace WhisperMesh.Router.Routing.Policies;

/// <summary>The least loaded worker; equals in turn.</summary>
internal sealed class LeastLoadPolicy : IWorkerSelectionPolicy
{
    public string Name => "least-load";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context) =>
        candidates.MinBy(candidate => (candidate.State.Load, candidate.State.LastPick));
}
