using Grpc.Core;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Api;

/// <summary>/v1/admin/keys: makes, lists and revokes keys.</summary>
internal sealed class KeysEndpoint(IKeyStore store, KeyRequestReader reader, MeshClock clock, ILogger<KeysEndpoint> logger)
{
    public async Task<IResult> CreateAsync(HttpContext context)
    {
        var request = await reader.ReadAsync(context.Request, context.RequestAborted);
        var key = ApiKey.Create();
        var record = new KeyRecord
        {
            Id = key.Id,
            Tenant = request.Tenant!,
            Name = request.Name ?? "unnamed",
            Scopes = [.. (request.Scopes ?? Scopes.Default).Distinct()],
            Hash = key.Hash(),
            CreatedAt = clock.UtcNow,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
            Budgets = request.Budgets,
        };
        await AskAsync(async () =>
        {
            await store.AddAsync(record, context.RequestAborted);
            return true;
        });
        KeyLog.Made(logger, record.Id, record.Tenant, By(context));

        // The one reply that holds the key: it must stay in no cache.
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(KeyObject.Of(record, key), TenantJson.Default.KeyObject, statusCode: StatusCodes.Status201Created);
    }

    /// <param name="tenant">Whose keys; null: everybody's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IResult> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        var records = await AskAsync(() => store.ListAsync(cancellationToken));
        var wanted = records.Where(record => tenant is null || record.Tenant == tenant).Select(record => KeyObject.Of(record));
        return TypedResults.Json(new KeyList("list", [.. wanted]), TenantJson.Default.KeyList);
    }

    public async Task<IResult> RevokeAsync(string id, HttpContext context)
    {
        // A whole key pasted in place of its id would end up in logs of addresses; it is not looked up and not repeated.
        if (!ApiKey.IsId(id) || !await AskAsync(() => store.RemoveAsync(id, context.RequestAborted)))
        {
            throw new ApiException(new OpenAiError("There is no key with this id.", OpenAiError.InvalidRequest, "id", "key_not_found")
            {
                Status = StatusCodes.Status404NotFound,
            });
        }

        KeyLog.Revoked(logger, id, By(context));
        return TypedResults.Json(new KeyDeleted(id, "api_key", true), TenantJson.Default.KeyDeleted);
    }

    private static string By(HttpContext context) => Caller.Of(context) is { KeyId: { } id } ? id : "an open mesh";

    private static async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (StoreUnavailableException e)
        {
            throw new MeshException(
                StatusCode.Unavailable, ErrorReasons.KeysUnavailable, "Keys are kept in Redis, which does not answer. Try again soon.", e)
            {
                RetryAfter = RouterErrors.RetryAfter,
            };
        }
    }
}
