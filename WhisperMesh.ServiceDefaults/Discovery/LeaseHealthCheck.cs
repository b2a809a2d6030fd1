using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>
/// A worker is ready once routers can know of it. A lease that runs out later, since Redis is gone, only degrades: routers that know the
/// worker go on sending to it.
/// </summary>
internal sealed class LeaseHealthCheck(LeaseState lease, RedisLink link) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((link.IsConfigured, lease.WasHeld, lease.IsHeld) switch
        {
            (false, _, _) => HealthCheckResult.Healthy("No Redis is configured: there is no lease."),
            (_, false, _) => HealthCheckResult.Unhealthy("The lease is not written yet: no router knows this worker."),
            (_, _, false) => HealthCheckResult.Degraded("The lease has run out; it is written again as soon as Redis answers."),
            _ => HealthCheckResult.Healthy(),
        });
}
