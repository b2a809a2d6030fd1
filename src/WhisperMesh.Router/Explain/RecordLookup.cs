using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Console;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Explain;

/// <summary>
/// Finds records for who may see them: of requests that run here, from this router's memory, and from Redis. What a caller may not see
/// is for it as if it were not there.
/// </summary>
internal sealed class RecordLookup(
    Journeys journeys,
    JourneyTeller teller,
    RecordRing ring,
    RedisRecords redis,
    IOptions<ExplainOptions> options,
    IOptions<ConsoleOptions> console)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;
    public const string Everybody = "*";
    public const string NotFoundReason = "REQUEST_NOT_FOUND";

    /// <param name="id">Name of the request.</param>
    /// <param name="tenant">Whose it is; null: the caller's own or, for an operator, anybody's.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MeshException">There is none that the caller may see.</exception>
    public async Task<RequestRecord> FindAsync(string id, string? tenant, Caller caller, CancellationToken cancellationToken)
    {
        var record = !RequestIds.IsValid(id) || (tenant is not null && !MaySee(caller, tenant)) ? null
            : await FindOfAsync(id, tenant ?? caller.TenantId, cancellationToken)
                ?? (tenant is null && caller.IsOperator ? await FindOfAnyoneAsync(id, cancellationToken) : null);
        if (record is null)
        {
            throw NotFound(id);
        }

        if (console.Value.DashboardUrl is { Length: > 0 } dashboard && record.TraceId.Length > 0)
        {
            record.TraceUrl = $"{dashboard.TrimEnd('/')}/traces/detail/{record.TraceId}";
        }

        return record;
    }

    /// <summary>The latest requests, newest first.</summary>
    public async Task<IReadOnlyList<RequestLine>> ListAsync(
        RequestFilter filter, int limit, string? tenant, Caller caller, CancellationToken cancellationToken)
    {
        var whose = tenant ?? caller.TenantId;
        if (!MaySee(caller, whose))
        {
            // As of a tenant that has never asked for anything.
            return [];
        }

        var all = whose == Everybody;
        var lines = new Dictionary<(string, string), RequestLine>();
        if (filter != RequestFilter.Running)
        {
            foreach (var line in await SharedAsync(whose, cancellationToken))
            {
                lines.TryAdd((line.Tenant, line.RequestId), line);
            }

            foreach (var record in ring.List(all ? null : whose))
            {
                lines[(record.Tenant, record.Id)] = record.Line;
            }
        }

        foreach (var journey in journeys.Known.Where(journey => all || journey.Tenant == whose))
        {
            lines[(journey.Tenant, journey.Id)] = teller.Tell(journey).Line;
        }

        return [.. lines.Values.Where(line => Passes(line, filter)).OrderByDescending(line => line.CreateTime.ToDateTimeOffset()).Take(limit)];
    }

    private static bool MaySee(Caller caller, string tenant) => tenant == caller.TenantId || caller.IsOperator;

    private static bool Passes(RequestLine line, RequestFilter filter) => filter switch
    {
        RequestFilter.Failed => line.State == RequestState.Failed,
        RequestFilter.Slow => line.Slow,
        RequestFilter.Doubtful => line.DoubtfulCount > 0,
        RequestFilter.Running => line.State == RequestState.Running,
        _ => true,
    };

    private async Task<RequestRecord?> FindOfAsync(string id, string tenant, CancellationToken cancellationToken)
    {
        if (journeys.TryFind(tenant, id, out var journey))
        {
            return teller.Tell(journey);
        }

        if (ring.Find(tenant, id) is { } kept)
        {
            return kept.Read();
        }

        try
        {
            return redis.IsUp ? await redis.FindAsync(tenant, id, cancellationToken) : null;
        }
        catch (StoreUnavailableException)
        {
            // This router's memory is all there is then.
            return null;
        }
    }

    private async Task<RequestRecord?> FindOfAnyoneAsync(string id, CancellationToken cancellationToken)
    {
        if (journeys.Known.FirstOrDefault(journey => journey.Id == id) is { } running)
        {
            return teller.Tell(running);
        }

        if (ring.FindOfAnyone(id) is { } kept)
        {
            return kept.Read();
        }

        try
        {
            return redis.IsUp && await redis.OwnerOfAsync(id, cancellationToken) is { } owner ? await redis.FindAsync(owner, id, cancellationToken) : null;
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<RequestLine>> SharedAsync(string whose, CancellationToken cancellationToken)
    {
        try
        {
            if (!redis.IsUp)
            {
                return [];
            }

            var tenants = whose == Everybody ? await redis.TenantsAsync(cancellationToken) : [whose];
            return [.. (await Task.WhenAll(tenants.Select(tenant => redis.ListAsync(tenant, cancellationToken)))).SelectMany(lines => lines)];
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    private MeshException NotFound(string id)
    {
        var settings = options.Value;
        var kept = settings.Keep
            ? $"Records are kept for {Words(settings.KeepFor)}, of the last {settings.ListedPerTenant} requests at most, and while a request runs its own router alone knows of it."
            : "This router keeps no records: Router:Requests:Keep is off.";
        return new MeshException(StatusCode.NotFound, NotFoundReason, $"There is no record of the request '{RequestChecks.Shortened(id)}'. {kept}");
    }

    private static string Words(TimeSpan time) =>
        time.TotalHours >= 1 && time.TotalHours == Math.Floor(time.TotalHours) ? $"{time.TotalHours:0} h" : $"{time.TotalMinutes:0.#} min";
}
