using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain.Telling;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router.Explain;

/// <summary>GET /v1/requests and /v1/requests/{id}.</summary>
internal sealed class RequestsEndpoint(RecordLookup lookup)
{
    /// <summary>Words for which requests are listed.</summary>
    public static IReadOnlyDictionary<string, RequestFilter> Filters { get; } = new Dictionary<string, RequestFilter>
    {
        ["failed"] = RequestFilter.Failed,
        ["slow"] = RequestFilter.Slow,
        ["doubtful"] = RequestFilter.Doubtful,
        ["running"] = RequestFilter.Running,
    };

    public async Task<IResult> GetAsync(string id, HttpContext context)
    {
        var tenant = Read(context.Request.Query, "tenant").GetValueOrDefault("tenant");
        var record = await lookup.FindAsync(id, tenant, Caller.Of(context), context.RequestAborted);
        return Json(context, RequestJson.Of(record));
    }

    public async Task<IResult> ListAsync(HttpContext context)
    {
        var query = Read(context.Request.Query, "tenant", "state", "limit");
        var lines = await lookup.ListAsync(
            FilterOf(query.GetValueOrDefault("state")),
            LimitOf(query.GetValueOrDefault("limit")),
            query.GetValueOrDefault("tenant"),
            Caller.Of(context),
            context.RequestAborted);
        return Json(context, RequestJson.Of(lines));
    }

    private static FileContentHttpResult Json(HttpContext context, byte[] json)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(json, "application/json; charset=utf-8");
    }

    private static RequestFilter FilterOf(string? state) => state is null ? RequestFilter.Unspecified
        : Filters.TryGetValue(state, out var filter) ? filter
        : throw ApiException.BadRequest("state", $"'state' must be one of {string.Join(", ", Filters.Keys)}.");

    private static int LimitOf(string? limit) => limit is null ? RecordLookup.DefaultLimit
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= RecordLookup.MaxLimit ? number
        : throw ApiException.BadRequest("limit", $"'limit' must be a number from 1 to {RecordLookup.MaxLimit}.");

    private static Dictionary<string, string> Read(IQueryCollection query, params string[] known)
    {
        foreach (var name in query.Keys.Except(known))
        {
            throw ApiException.BadRequest(
                name, $"Unrecognized request argument supplied: {RequestChecks.Shortened(name)}.", "unknown_parameter");
        }

        return query.ToDictionary(
            pair => pair.Key,
            pair => pair.Value is [{ Length: > 0 } value] ? value : throw ApiException.BadRequest(pair.Key, $"'{pair.Key}' must be given once, and not be empty."));
    }
}
