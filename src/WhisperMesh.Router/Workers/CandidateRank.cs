using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>
/// Which candidates come before any policy is asked: those of the lowest tier, of these the ones with a free place, of these the ones
/// dedicated to the language, and of these the ones that have the model in memory.
/// </summary>
internal static class CandidateRank
{
    public static List<WorkerCandidate> Best(IReadOnlyList<WorkerCandidate> candidates)
    {
        // A place elsewhere in the tier is better than the best worker's queue; another tier is not.
        var tier = LowestTier(candidates);
        var free = tier.FindAll(candidate => !candidate.State.IsFull);
        var open = free.Count > 0 ? free : tier;
        var best = open.Min(Of);
        return open.FindAll(candidate => Of(candidate) == best);
    }

    /// <summary>Those that may have requests at all while there are any of them.</summary>
    public static List<WorkerCandidate> LowestTier(IReadOnlyList<WorkerCandidate> candidates)
    {
        var lowest = candidates.Min(candidate => candidate.Match.Worker.Capabilities.Tier);
        return [.. candidates.Where(candidate => candidate.Match.Worker.Capabilities.Tier == lowest)];
    }

    private static (int Dedication, int Readiness) Of(WorkerCandidate candidate) =>
        (candidate.Match.IsDedicated ? 0 : 1, Readiness(candidate.Match));

    private static int Readiness(WorkerMatch match)
    {
        var state = match.Worker.Load?.Models.FirstOrDefault(model => model.ModelId == match.Model.Model.Id)?.State;
        return state switch
        {
            // Where nothing is said, models are loaded from start to end.
            null or ModelLoadState.Unspecified or ModelLoadState.Ready => 0,
            ModelLoadState.Loading => 1,
            ModelLoadState.Cold => 2,
            _ => 3,
        };
    }
}
