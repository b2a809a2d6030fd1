namespace WhisperMesh.Router.Routing.Policies;

/// <summary>
/// The worker that would be done soonest with what it has, in predicted seconds of work; a model that has to be loaded first costs
/// the time for that. Workers with a free place come first; equals in turn.
/// </summary>
internal sealed class LeastLoadPolicy : IWorkerSelectionPolicy
{
    public string Name => "least-load";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context) =>
        candidates.MinBy(candidate => candidate.Burden);
}
