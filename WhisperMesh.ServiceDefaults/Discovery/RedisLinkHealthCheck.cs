using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>
/// Not ready until Redis was reached once. Later a lost Redis only degrades: requests in flight and new ones are served
/// without it, so nothing may take this process out of service.
/// </summary>
internal sealed class RedisLinkHealthCheck(RedisLink link) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(link switch
        {
            { IsConfigured: false } => HealthCheckResult.Healthy("No Redis is configured."),
            { WasConnected: false } => HealthCheckResult.Unhealthy("Waiting for Redis."),
            { ConnectedSince: null } => HealthCheckResult.Degraded("Redis is lost; connecting again."),
            _ => HealthCheckResult.Healthy(),
        });
}
