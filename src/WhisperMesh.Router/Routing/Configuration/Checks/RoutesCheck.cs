using WhisperMesh.Router.Routing.Policies;

namespace WhisperMesh.Router.Routing.Configuration.Checks;

/// <summary>Routes: what they match, and where they lead.</summary>
internal sealed class RoutesCheck(IEnumerable<IWorkerSelectionPolicy> policies) : IMeshConfigurationCheck
{
    private readonly string[] _policies = [.. policies.Select(policy => policy.Name).Order(StringComparer.Ordinal)];

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal) { [RoutePlan.DefaultName] = -1 };
        for (var i = 0; i < configuration.Routes.Count; i++)
        {
            var (route, path) = (configuration.Routes[i], $"routes[{i}]");
            if (!IsName(route.Name))
            {
                yield return $"{path}.name: must have 1 to 64 characters of A-Z a-z 0-9 . _ -.";
            }
            else if (!names.TryAdd(route.Name, i))
            {
                yield return names[route.Name] < 0
                    ? $"{path}.name: '{route.Name}' is what requests go by that no route matches; name it otherwise."
                    : $"{path}.name: '{route.Name}' is the name of routes[{names[route.Name]}] already.";
            }

            foreach (var error in CheckRoute(route, path).Concat(Match(route.Match, $"{path}.match")).Concat(Pools(route, path, configuration)))
            {
                yield return error;
            }
        }
    }

    private IEnumerable<string> CheckRoute(RouteSettings route, string path) =>
    [
        .. Values.OneOf($"{path}.policy", route.Policy, _policies),
        .. Values.HeaderName($"{path}.affinityHeader", route.AffinityHeader),
        .. Values.Fail(!(route.LatencyBuffer >= 0 && double.IsFinite(route.LatencyBuffer)), $"{path}.latencyBuffer: must not be below 0."),
        .. Values.Positive($"{path}.deadline", route.Deadline),
        .. Values.OneOf($"{path}.priority", route.Priority, Values.Classes),
        .. Values.Positive($"{path}.retention.timeToLive", route.Retention.TimeToLive),
        .. Values.Positive($"{path}.hedging.delay", route.Hedging?.Delay),
        .. Values.Share($"{path}.hedging.budget", route.Hedging?.Budget ?? 0),
    ];

    private static IEnumerable<string> Match(RouteMatchSettings match, string path) =>
    [
        .. Values.Each($"{path}.tenants", match.Tenants, Values.Text),
        .. Values.Each($"{path}.languages", match.Languages, (at, code) => code == Values.AutoLanguage ? [] : Values.Language(at, code)),
        .. Values.Each($"{path}.models", match.Models, Values.Text),
        .. Values.Each($"{path}.tasks", match.Tasks, (at, task) => Values.OneOf(at, task, Values.Tasks)),
        .. Values.Each($"{path}.sources", match.Sources, Values.Text),
        .. Values.Labels($"{path}.labels", match.Labels),
        .. match.Headers.Keys.SelectMany(name => Values.HeaderName($"{path}.headers", name)),
    ];

    private static IEnumerable<string> Pools(RouteSettings route, string path, MeshConfiguration configuration)
    {
        var pools = new PoolCheck(configuration);
        return
        [
            .. pools.Check(route.Pool, $"{path}.pool"),
            .. route.Fallbacks.SelectMany((pool, index) => pools.Check(pool, $"{path}.fallbacks[{index}]")),
            .. route.Fallbacks.SelectMany((pool, index) => Values.Fail(
                pool is { Model: null, Language: null, Upstream: null, Labels.Count: 0 },
                $"{path}.fallbacks[{index}]: names no model, language, upstream or label.")),
            .. pools.Check(route.Quality?.Retry, $"{path}.quality.retry"),
        ];
    }

    private static bool IsName(string name) => Requests.RequestIds.IsValid(name);
}

/// <summary>Pools, wherever they stand: what they name must exist.</summary>
internal sealed class PoolCheck(MeshConfiguration configuration)
{
    private readonly ModelReferences _models = new(configuration);

    public IEnumerable<string> Check(PoolSettings? pool, string path) => pool is null ? [] :
    [
        .. pool.Model is { } model ? _models.Check($"{path}.model", model) : [],
        .. pool.Language is { } language ? Values.Language($"{path}.language", language) : [],
        .. Values.Fail(
            pool.Upstream is { } name && configuration.Upstreams.All(upstream => upstream.Name != name),
            $"{path}.upstream: there is no upstream '{pool.Upstream}'."),
        .. Values.Labels($"{path}.labels", pool.Labels),
    ];
}
