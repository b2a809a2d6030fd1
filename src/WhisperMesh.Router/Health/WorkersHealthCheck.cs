using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Health;

/// <summary>
/// A router without workers is ready all the same: it answers, with an error that says when to come back, which a closed door would
/// not do.
/// </summary>
internal sealed class WorkersHealthCheck(DeclaredWorkers workers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(workers.Workers.Count == 0
            ? HealthCheckResult.Degraded("No worker is known: requests are refused until one announces itself.")
            : HealthCheckResult.Healthy());
}
