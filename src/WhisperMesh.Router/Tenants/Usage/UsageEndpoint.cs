using Grpc.Core;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants.Api;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Usage;

/// <summary>GET /v1/usage.</summary>
internal sealed class UsageEndpoint(UsageStore store, MeshClock clock)
{
    public async Task<IResult> GetAsync(HttpContext context)
    {
        var query = UsageQuery.Read(context.Request.Query, clock);
        var caller = Caller.Of(context);
        var tenant = query.Tenant ?? caller.TenantId;

        // Whoever may not see another tenant does not learn whether there is one.
        if (tenant != caller.TenantId && !caller.IsAdmin)
        {
            throw NoTenant(tenant);
        }

        try
        {
            var known = await store.TenantsAsync(context.RequestAborted);
            if (tenant is not UsageQuery.AllTenants && tenant != caller.TenantId && !known.Contains(tenant))
            {
                throw NoTenant(tenant);
            }

            var report = await ReportAsync(query, tenant, tenant is UsageQuery.AllTenants ? known : [tenant], context.RequestAborted);
            return TypedResults.Json(report, TenantJson.Default.UsageReport);
        }
        catch (StoreUnavailableException e)
        {
            throw new MeshException(
                StatusCode.Unavailable, "USAGE_UNAVAILABLE", "Usage is kept in Redis, which does not answer. Try again soon.", e)
            {
                RetryAfter = RouterErrors.RetryAfter,
            };
        }
    }

    private async Task<UsageReport> ReportAsync(
        UsageQuery query, string tenant, IReadOnlyList<string> tenants, CancellationToken cancellationToken)
    {
        var reads = tenants.SelectMany(one => query.Days, (one, day) => (Tenant: one, Day: day)).ToList();
        var slots = await Task.WhenAll(reads.Select(read => store.ReadAsync(read.Tenant, read.Day, cancellationToken)));
        var rows = new Dictionary<UsageRow, UsageAmounts>();
        var total = UsageAmounts.None;
        foreach (var (read, used) in reads.Zip(slots))
        {
            foreach (var (slot, amounts) in used)
            {
                var row = RowOf(query, read.Tenant, read.Day, slot);
                rows[row] = rows.GetValueOrDefault(row, UsageAmounts.None) + amounts;
                total += amounts;
            }
        }

        var data = rows.Select(entry => entry.Key.With(entry.Value))
            .OrderBy(row => row.Day).ThenBy(row => row.Tenant, StringComparer.Ordinal).ThenBy(row => row.Key, StringComparer.Ordinal)
            .ThenBy(row => row.Model, StringComparer.Ordinal).ThenBy(row => row.Language, StringComparer.Ordinal)
            .ThenBy(row => row.Upstream, StringComparer.Ordinal);
        return new UsageReport("usage", tenant, query.From, query.To, query.GroupBy, [.. data], UsageTotal.Of(total));
    }

    private static UsageRow RowOf(UsageQuery query, string tenant, DateOnly day, UsageSlot slot) => new()
    {
        Day = query.GroupBy.Contains(UsageQuery.Day) ? day : null,
        Tenant = query.GroupBy.Contains(UsageQuery.ByTenant) ? tenant : null,
        Key = query.GroupBy.Contains(UsageQuery.Key) ? slot.Key : null,
        Model = query.GroupBy.Contains(UsageQuery.Model) ? slot.Model : null,
        Language = query.GroupBy.Contains(UsageQuery.Language) ? slot.Language : null,
        Upstream = query.GroupBy.Contains(UsageQuery.Upstream) ? slot.Upstream : null,
    };

    private static ApiException NoTenant(string tenant) => new(
        new OpenAiError($"There is no tenant '{RequestChecks.Shortened(tenant)}'.", OpenAiError.InvalidRequest, "tenant", "tenant_not_found")
        {
            Status = StatusCodes.Status404NotFound,
        });
}
