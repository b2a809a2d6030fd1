using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Workers.Connections;

namespace WhisperMesh.Router.Workers.Health;

/// <summary>
/// Asks workers of which nothing was heard for a while, and those whose pause is over, whether they would serve: a dead one is found
/// before a request is sent to it. Workers that this router has not used yet are left alone.
/// </summary>
internal sealed class HealthProber(WorkerPool pool, IOptions<RouterOptions> options, TimeProvider time, ILogger<HealthProber> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(options.Value.Health.ProbeInterval, time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(pool.ProbesDue().Select(due => ProbeAsync(due.State, due.Connection, stoppingToken)));
        }
    }

    private async Task ProbeAsync(WorkerState state, IWorkerConnection connection, CancellationToken stoppingToken)
    {
        using var limit = new CancellationTokenSource(options.Value.Health.ProbeTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);
        var serving = true;
        try
        {
            await connection.ProbeAsync(end.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            // It answers, and that is all that it can say.
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or ObjectDisposedException or HttpRequestException)
        {
            if (stoppingToken.IsCancellationRequested || e is ObjectDisposedException)
            {
                return;
            }

            serving = false;
            HealthLog.ProbeFailed(logger, state.Lease.WorkerId, e.Message);
        }

        pool.ReportProbe(state, serving);
    }
}

internal static partial class HealthLog
{
    [LoggerMessage(220, LogLevel.Warning, "Worker {WorkerId} does not answer as it should when asked for its health: {Reason}")]
    public static partial void ProbeFailed(ILogger logger, string workerId, string reason);
}
