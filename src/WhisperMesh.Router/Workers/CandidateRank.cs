using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>
/// Which candidates come before any policy is asked: those of the lowest tier, of these the ones dedicated to the language, and of
/// these the ones that have the model in memory.
/// </summary>
internal static class CandidateRank
{
    public static List<WorkerCandidate> Best(IReadOnlyList<WorkerCandidate> candidates)
    {
        var best = candidates.Min(Of);
        return [.. candidates.Where(candidate => Of(candidate) == best)];
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
