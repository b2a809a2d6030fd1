using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WhisperMesh.ServiceDefaults.Health;

internal sealed class DrainHealthCheck(DrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(drain.IsDraining
            ? HealthCheckResult.Unhealthy("Shutting down: running requests are finished, new ones refused.")
            : HealthCheckResult.Healthy());
}
