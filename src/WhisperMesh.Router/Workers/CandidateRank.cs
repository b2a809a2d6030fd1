using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>
/// Which candidates come before any policy is asked: those of the lowest tier, of these the ones dedicated to the language, and of
/// these the ones that have the model in memory. A rank of which all are full gives way to the next one that has a free place.
/// </summary>
internal static class CandidateRank
{
    public static IReadOnlyList<WorkerCandidate> Best(IReadOnlyList<WorkerCandidate> candidates)
    {
        if (candidates.Count == 1)
        {
            return candidates;
        }

        var ranks = candidates.GroupBy(Of).OrderBy(rank => rank.Key).Select(rank => rank.ToList()).ToList();
        return ranks.Find(rank => rank.Exists(candidate => !candidate.State.IsFull)) ?? ranks[0];
    }

    /// <summary>The same by what stays as it is, whatever a worker has in memory now.</summary>
    public static IReadOnlyList<WorkerMatch> Foremost(IReadOnlyList<WorkerMatch> matches)
    {
        var best = matches.Min(Of);
        return [.. matches.Where(match => Of(match) == best)];

        static (int Tier, int Dedication) Of(WorkerMatch match) => (match.Worker.Capabilities.Tier, match.IsDedicated ? 0 : 1);
    }

    private static (int Tier, int Dedication, int Readiness) Of(WorkerCandidate candidate) =>
        (candidate.Match.Worker.Capabilities.Tier, candidate.Match.IsDedicated ? 0 : 1, Readiness(candidate.Match));

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
