using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Policies;

namespace WhisperMesh.Router.Workers;

/// <summary>Says in a few words why a worker was chosen.</summary>
internal static class SelectionReason
{
    /// <summary>All workers look ill, so one of them is tried all the same.</summary>
    public const string Panic = "paused-but-no-other";

    public static string Of(WorkerCandidate chosen, int fitCount, int pool, RoutePlan plan, WorkerRequirements requirements) =>
        pool > 0 ? "fallback: " + PoolMembers.Describe(plan.Pools[pool])
        : chosen.Match.IsDedicated ? "dedicated to " + Language(chosen.Match, plan.Pools[pool], requirements)
        : fitCount == 1 ? "only"
        : plan.Policy;

    private static string Language(WorkerMatch match, RoutePool pool, WorkerRequirements requirements) =>
        pool.Language ?? (RequestLanguage.Of(requirements) is { Length: > 0 } named
            ? named
            : string.Join(", ", match.Worker.Capabilities.DedicatedLanguageCodes));
}
