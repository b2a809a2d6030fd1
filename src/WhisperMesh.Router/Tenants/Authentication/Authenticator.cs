using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tenants.Authentication;

/// <summary>Says who shows a key.</summary>
internal sealed class Authenticator(KnownKeys keys, MeshClock clock, IOptions<KeyOptions> options, ILogger<Authenticator> logger)
{
    private const string Scheme = "Bearer ";
    private const string Unreadable = "unreadable";

    // As many tenants may be called as there are keys; this one is the operator's own and has no budgets.
    private static readonly Caller Bootstrap = new() { TenantId = "admin", KeyId = "bootstrap", Scopes = [Scopes.Admin] };

    private readonly byte[]? _bootstrap = options.Value.BootstrapAdminKey is { } key ? Digest(key) : null;

    /// <param name="authorization">The header <c>Authorization</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MeshException">There is no key, it is no good, or it can't be looked up now.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string? authorization, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(authorization))
        {
            throw Refuse("no key", "none", "You didn't provide an API key. Send it in the header Authorization: Bearer YOUR_KEY.");
        }

        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refuse("no bearer token", Unreadable, "The header Authorization must be Bearer followed by an API key.");
        }

        var text = authorization[Scheme.Length..].Trim();
        if (ApiKey.TryParse(text, out var key))
        {
            return await FindAsync(key, cancellationToken);
        }

        return _bootstrap is not null && CryptographicOperations.FixedTimeEquals(_bootstrap, Digest(text))
            ? Bootstrap
            : throw Refuse("no key of this mesh", Unreadable, "Incorrect API key provided: it is not whole, or has a typo.");
    }

    private async ValueTask<Caller> FindAsync(ApiKey key, CancellationToken cancellationToken)
    {
        KeyRecord? record;
        try
        {
            record = await keys.FindAsync(key.Id, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            KeyLog.NotKnown(logger, key.Id);
            throw MeshException.Unavailable(
                ErrorReasons.KeysUnavailable, "API keys can't be looked up at the moment. Try again soon.", RouterErrors.RetryAfter);
        }

        // One wording for a key that never was, one that was revoked and one with another secret.
        if (record is null || !record.Matches(key))
        {
            throw Refuse("unknown or revoked", key.Id, "Incorrect API key provided: it does not exist or was revoked.");
        }

        return record.ExpiresAt is { } end && end <= clock.UtcNow
            ? throw Refuse("expired", key.Id, "Incorrect API key provided: it has expired.")
            : record.ToCaller();
    }

    private MeshException Refuse(string reason, string keyId, string message)
    {
        KeyLog.Refused(logger, reason, keyId);
        return new MeshException(StatusCode.Unauthenticated, ErrorReasons.InvalidApiKey, message);
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
