using WhisperMesh.Router.Routing;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Which workers a pool has, of those that the caller's audio may go to.</summary>
internal static class PoolMembers
{
    private const string UpstreamPrefix = "upstream:";

    public static bool Has(RoutePool pool, RoutePlan plan, WorkerLease worker)
    {
        var upstream = worker.Address.StartsWith(UpstreamPrefix, StringComparison.Ordinal) ? worker.Address[UpstreamPrefix.Length..] : null;
        return (upstream is null || plan.AllowsUpstream(upstream))
            && (pool.Upstream is null || pool.Upstream == upstream)
            && (pool.Labels is null || pool.Labels.All(label => WorkerLabels.Has(worker, label.Key, label.Value)));
    }

    public static MeshException WhyEmpty(RoutePool pool, RoutePlan plan) =>
        pool.Upstream is { } upstream && !plan.AllowsUpstream(upstream)
            ? RouterErrors.UpstreamNotAllowed(plan.Name, upstream)
            : RouterErrors.PoolEmpty(plan.Name, Describe(pool));

    /// <summary>What a pool is, in a few words for a reply.</summary>
    public static string Describe(RoutePool pool)
    {
        var parts = new List<string>();
        if (pool.Model is not null)
        {
            parts.Add(pool.Model);
        }

        if (pool.Language is not null)
        {
            parts.Add("language " + pool.Language);
        }

        if (pool.Upstream is not null)
        {
            parts.Add(UpstreamPrefix + pool.Upstream);
        }

        parts.AddRange((pool.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}"));
        return string.Join(", ", parts);
    }
}
