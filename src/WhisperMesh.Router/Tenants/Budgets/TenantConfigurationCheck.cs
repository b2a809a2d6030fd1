using System.Text.Json;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tenants.Budgets;

/// <summary>Checks the names and budgets of tenants in the configuration.</summary>
internal sealed class TenantConfigurationCheck : IMeshConfigurationCheck
{
    public const string AnyTenant = "*";

    public IEnumerable<string> Check(MeshConfiguration configuration)
    {
        foreach (var (id, tenant) in configuration.Tenants)
        {
            if (id != AnyTenant && !TenantIds.IsValid(id))
            {
                yield return $"tenants.{id}: a tenant's id must have {TenantIds.Form}.";
            }

            foreach (var (field, error) in BudgetChecks.Check(tenant.Budgets, JsonNamingPolicy.CamelCase.ConvertName))
            {
                yield return $"tenants.{id}.budgets.{field} {error}";
            }
        }
    }
}
