using Microsoft.Extensions.Options;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>Keys that are asked for must be able to exist.</summary>
internal sealed class KeysStartupCheck(
    TenantRedis redis, IOptions<KeyOptions> options, IOptions<EndpointOptions> endpoints, ILogger<KeysStartupCheck> logger) : IStartupTask
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.AreRequired(endpoints.Value))
        {
            KeyLog.Open(logger);
            return Task.CompletedTask;
        }

        KeyLog.Required(logger, options.Value.BootstrapAdminKey is null ? "not set" : "set");
        return redis.IsConfigured
            ? Task.CompletedTask
            : throw new StartupException(
                "Router:Keys:Required: callers must show a key, and keys are kept in Redis, but ConnectionStrings:redis is not set.");
    }
}

internal static partial class KeyLog
{
    [LoggerMessage(262, LogLevel.Information, "API keys are not asked for: whoever reaches this router may use it")]
    public static partial void Open(ILogger logger);

    [LoggerMessage(263, LogLevel.Information, "API keys are required; Router:Keys:BootstrapAdminKey is {Bootstrap}")]
    public static partial void Required(ILogger logger, string bootstrap);

    [LoggerMessage(264, LogLevel.Information, "Refused a caller: {Reason}, key {KeyId}")]
    public static partial void Refused(ILogger logger, string reason, string keyId);

    [LoggerMessage(265, LogLevel.Information, "Key {KeyId} of tenant {Tenant} was made by {By}")]
    public static partial void Made(ILogger logger, string keyId, string tenant, string by);

    [LoggerMessage(266, LogLevel.Information, "Key {KeyId} was revoked by {By}")]
    public static partial void Revoked(ILogger logger, string keyId, string by);

    [LoggerMessage(267, LogLevel.Warning, "A caller was turned away: its key is not known here and Redis does not answer, key {KeyId}")]
    public static partial void NotKnown(ILogger logger, string keyId);
}
