using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Admission;

/// <summary>Each tenant's share beside others, as the configuration says.</summary>
internal sealed class TenantWeights(IMeshConfigurationSource configuration)
{
    public double Of(string tenantId)
    {
        var tenants = configuration.Current.Tenants;
        var settings = tenants.GetValueOrDefault(tenantId) ?? tenants.GetValueOrDefault("*");
        return settings?.Weight is > 0 and var weight ? weight : 1;
    }
}
