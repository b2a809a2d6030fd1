using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Routing;

/// <summary>Takes the first route that applies and makes a plan of it.</summary>
internal sealed class RoutePlanner(IMeshConfigurationSource source, KnownModels known, TimeProvider time) : IRoutePlanner
{
    private const string AnyTenant = "*";

    private static readonly RouteSettings Unmatched = new() { Name = RoutePlan.DefaultName };

    public string ResolveModel(string name) => source.Current.Resolve(name);

    public RoutePlan Plan(RequestOrigin origin, WorkerRequirements requirements, RequestClass requestClass)
    {
        var configuration = source.Current;
        var matcher = new RouteMatcher(
            origin, requirements, RequestLabels.Of(origin), model => IsModel(configuration, model, requirements));
        var route = configuration.Routes.FirstOrDefault(each => matcher.Applies(each.Match)) ?? Unmatched;
        var tenant = TenantOf(configuration, origin);
        return new RoutePlan
        {
            Name = route.Name,
            Pools = RoutePools.Of(route, requirements.Model, configuration),
            Policy = route.Policy,
            Session = origin.Header(route.AffinityHeader),
            LatencyBuffer = route.LatencyBuffer,
            Class = RequestClasses.Of(requestClass, route.Priority, tenant.HighestClass),
            Deadline = Sooner(origin.Deadline, route.Deadline is { } longest ? (time.GetUtcNow() + longest).UtcDateTime : null),
            AllowedUpstreams = tenant.Upstreams.ToHashSet(StringComparer.Ordinal),
            Retention = tenant.NoStore ? route.Retention with { Cache = false } : route.Retention,
            KeepsText = tenant.KeepText,
            Quality = route.Quality,
            Hedging = route.Hedging,
        };
    }

    public RoutePlan Widest(RequestOrigin origin, WorkerRequirements known)
    {
        var configuration = source.Current;
        return new RoutePlan
        {
            Pools = [.. configuration.Routes.Prepend(Unmatched).SelectMany(route => RoutePools.Of(route, known.Model, configuration)).Distinct()],
            AllowedUpstreams = TenantOf(configuration, origin).Upstreams.ToHashSet(StringComparer.Ordinal),
        };
    }

    private bool IsModel(MeshConfiguration configuration, string wanted, WorkerRequirements requirements)
    {
        var (id, name) = (configuration.Resolve(wanted), configuration.Resolve(requirements.Model));
        return id == name || known.IsAlias(requirements.Kind, name, id);
    }

    private static TenantSettings TenantOf(MeshConfiguration configuration, RequestOrigin origin) =>
        configuration.Tenants.GetValueOrDefault(origin.Caller.TenantId)
        ?? configuration.Tenants.GetValueOrDefault(AnyTenant)
        ?? new TenantSettings();

    private static DateTime? Sooner(DateTime? one, DateTime? other) => one is null || other < one ? other ?? one : one;
}
