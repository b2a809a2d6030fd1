namespace WhisperMesh.Router.Routing.Configuration.Checks;

/// <summary>What tenants may do on the routes; their names and budgets are the business of another check.</summary>
internal sealed class TenantsCheck : IMeshConfigurationCheck
{
    private const string AnyUpstream = "*";

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        var upstreams = configuration.Upstreams.Select(upstream => upstream.Name).Append(AnyUpstream).ToHashSet(StringComparer.Ordinal);
        return configuration.Tenants.SelectMany(tenant => Check(tenant.Value, $"tenants.{tenant.Key}", upstreams));
    }

    private static IEnumerable<string> Check(TenantSettings tenant, string path, HashSet<string> upstreams) =>
    [
        .. Values.Each(
            $"{path}.upstreams",
            tenant.Upstreams,
            (at, name) => Values.Fail(!upstreams.Contains(name), $"{at}: there is no upstream '{name}'.")),
        .. Values.Positive($"{path}.weight", tenant.Weight),
        .. Values.OneOf($"{path}.highestClass", tenant.HighestClass, Values.Classes),
    ];
}
