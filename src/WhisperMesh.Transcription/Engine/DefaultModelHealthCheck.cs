using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Transcription.Engine;

/// <summary>
/// Whether requests that name no model can be served. A default model that is unloaded counts as healthy, since the next request
/// loads it; other models may fail alone.
/// </summary>
internal sealed class DefaultModelHealthCheck(ModelRegistry models) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = models.States.Single(model => model.ModelId == models.Definitions.Default.Name);
        return Task.FromResult(state.State == ModelLoadState.Failed
            ? HealthCheckResult.Unhealthy(state.FailureMessage)
            : HealthCheckResult.Healthy());
    }
}
