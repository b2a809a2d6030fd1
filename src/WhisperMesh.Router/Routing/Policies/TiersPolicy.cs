namespace WhisperMesh.Router.Routing.Policies;

/// <summary>The least loaded of the lowest tier. Every policy is asked about one tier at a time; this one says so by its name.</summary>
internal sealed class TiersPolicy : IWorkerSelectionPolicy
{
    public string Name => "tiers";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context) =>
        candidates.MinBy(candidate => (candidate.Match.Worker.Capabilities.Tier, candidate.Burden));
}
