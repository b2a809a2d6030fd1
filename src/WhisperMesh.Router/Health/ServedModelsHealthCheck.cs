using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Health;

/// <summary>Whether a worker, or an upstream, is there that has models of one kind.</summary>
internal sealed class ServedModelsHealthCheck(DeclaredWorkers workers, ModelKind kind) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(workers.Workers.Any(worker => worker.Capabilities?.Models.Any(model => model.Model.Kind == kind) == true)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("No worker that is known has such a model."));
}
