namespace WhisperMesh.Router.Routing.Policies;

/// <summary>
/// The least loaded of those that are about as fast as the fastest, by the time that they take for a second of audio. The buffer keeps
/// the fastest from being flooded; workers that have not been measured are about as fast as any.
/// </summary>
internal sealed class LowestLatencyPolicy : IWorkerSelectionPolicy
{
    public string Name => "lowest-latency";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context)
    {
        var limit = candidates.Min(candidate => candidate.State.Health.NormalizedLatency) * (1 + context.LatencyBuffer);
        return candidates
            .Where(candidate => candidate.State.Health.NormalizedLatency is not { } latency || latency <= limit)
            .MinBy(candidate => candidate.Burden);
    }
}
