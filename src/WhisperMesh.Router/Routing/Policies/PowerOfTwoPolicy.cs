namespace WhisperMesh.Router.Routing.Policies;

/// <summary>The less loaded of two that are drawn: nearly as even as the least loaded of all, and routers do not run after the same one.</summary>
internal sealed class PowerOfTwoPolicy(Random random) : IWorkerSelectionPolicy
{
    public string Name => "power-of-two";

    public WorkerCandidate Choose(IReadOnlyList<WorkerCandidate> candidates, SelectionContext context)
    {
        var first = random.Next(candidates.Count);
        if (candidates.Count == 1)
        {
            return candidates[first];
        }

        var second = (first + 1 + random.Next(candidates.Count - 1)) % candidates.Count;
        var (one, other) = (candidates[first], candidates[second]);
        return (other.IsFull, other.Load).CompareTo((one.IsFull, one.Load)) < 0 ? other : one;
    }
}
