using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Errors;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>
/// grpc.health.v1. Each answer is made afresh, those of Watch too. The library's own service sends watchers what its publisher saw last, and
/// misses what changes between a watch's first answer and the publisher's next look: they are then told the wrong thing for ever.
/// </summary>
internal sealed class HealthGrpcService(
    HealthCheckService checks, IOptions<ServiceHealthOptions> options, DrainState drain, TimeProvider timeProvider)
    : Grpc.Health.V1.Health.HealthBase
{
    private const string WholeProcess = "";

    // How late a watcher may hear of a change.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = await StatusOfAsync(request.Service, context.CancellationToken);
        return status != ServingStatus.ServiceUnknown
            ? new HealthCheckResponse { Status = status }
            : throw MeshException.NotFound("service", $"No service here is called '{request.Service}'.", ErrorReasons.ServiceNotFound);
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Draining);
        ServingStatus? told = null;
        while (true)
        {
            // Asked before the checks, so that the last answer is one of a process that stops.
            var isLast = drain.IsDraining;
            var status = await StatusOfAsync(request.Service, context.CancellationToken);
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                told = status;
            }

            if (isLast)
            {
                return;
            }

            await Task.Delay(Beat, timeProvider, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<ServingStatus> StatusOfAsync(string service, CancellationToken cancellationToken)
    {
        if (!options.Value.Services.TryGetValue(service, out var own))
        {
            if (service != WholeProcess)
            {
                return ServingStatus.ServiceUnknown;
            }

            own = [];
        }

        var report = await checks.CheckHealthAsync(
            check => !check.Tags.Contains(HealthExtensions.ServiceTag) || own.Contains(check.Name), cancellationToken);
        return report.Status == HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
