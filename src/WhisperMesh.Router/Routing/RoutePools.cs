using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Routing;

/// <summary>The pools of a route in order: its own, its fallbacks, and the fallbacks of the model.</summary>
internal static class RoutePools
{
    public static IReadOnlyList<RoutePool> Of(RouteSettings route, string model, MeshConfiguration configuration)
    {
        var first = route.Pool is null ? RoutePool.Any : Of(route.Pool, configuration);
        var pools = new List<RoutePool> { first };
        pools.AddRange(route.Fallbacks.Select(pool => Of(pool, configuration)));

        // Labels may say where audio may go at all, so another model changes nothing about them.
        pools.AddRange(FallbacksOf(first.Model ?? configuration.Resolve(model), configuration)
            .Select(fallback => first with { Model = fallback, Upstream = null })
            .Where(pool => !pools.Contains(pool)));
        return pools;
    }

    /// <summary>One pool, the alias of its model resolved.</summary>
    public static RoutePool Of(PoolSettings pool, MeshConfiguration configuration) => new(
        pool.Model is { } model ? configuration.Resolve(model) : null,
        pool.Labels.Count > 0 ? pool.Labels : null,
        pool.Language,
        pool.Upstream);

    /// <summary>Each fallback followed by its own, none twice.</summary>
    public static IReadOnlyList<string> FallbacksOf(string model, MeshConfiguration configuration)
    {
        var found = new List<string>();
        Follow(model);
        return found;

        void Follow(string id)
        {
            foreach (var next in configuration.Models.GetValueOrDefault(id)?.Fallbacks.Select(configuration.Resolve) ?? [])
            {
                if (next != model && !found.Contains(next))
                {
                    found.Add(next);
                    Follow(next);
                }
            }
        }
    }
}
