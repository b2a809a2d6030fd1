namespace WhisperMesh.Router.Routing.Policies;

/// <summary>By chance, each as often as its weight says.</summary>
internal sealed class WeightedPolicy(Random random) : IWorkerSelectionPolicy
{
    public string Name => "weighted";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context)
    {
        var draw = random.NextDouble() * candidates.Sum(WorkerWeight.Of);
        foreach (var candidate in candidates)
        {
            draw -= WorkerWeight.Of(candidate);
            if (draw < 0)
            {
                return candidate;
            }
        }

        return candidates[^1];
    }
}

internal static class WorkerWeight
{
    /// <summary>Share of the work, above 0; workers that say nothing count 1, new and slow ones less.</summary>
    public static double Of(WorkerCandidate candidate) =>
        (candidate.Match.Worker.Capabilities.Weight is > 0 and var weight ? weight : 1) * candidate.State.Health.Share;
}
