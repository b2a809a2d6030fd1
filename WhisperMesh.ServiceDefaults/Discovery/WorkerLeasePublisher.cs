using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Keeps this worker's lease in Redis: renewed on a beat and on each change of load, removed at a clean end.</summary>
/// <remarks>It waits and writes on a thread of its own: a worker whose shared threads are all busy is busy, not dead.</remarks>
internal sealed partial class WorkerLeasePublisher(
    RedisLink link,
    WorkerIdentity identity,
    WorkerGate gate,
    MeshAddresses addresses,
    LeaseWriter writer,
    LeaseState state,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    ILogger<WorkerLeasePublisher> logger) : BackgroundService
{
    // Changes of load come in bursts; one message tells of all of them.
    private static readonly TimeSpan ChangeGap = TimeSpan.FromMilliseconds(50);

    private readonly AutoResetEvent _changed = new(false);

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (link.ConnectedSince is null)
        {
            return;
        }

        try
        {
            var connection = await link.WaitAsync(cancellationToken);
            await LeaseWriter.RemoveAsync(connection.GetDatabase(), identity.Id).WaitAsync(TimeSpan.FromSeconds(2), timeProvider, cancellationToken);
            LogRemoved(logger, identity.Id);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or OperationCanceledException)
        {
            // The lease runs out by itself.
            LogNotRemoved(logger, exception.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsConfigured)
        {
            return;
        }

        await StartedAsync(stoppingToken);
        var connection = await link.WaitAsync(stoppingToken);
        var lease = new WorkerLease
        {
            WorkerId = identity.Id,
            Address = addresses.AnnouncedGrpc.ToString().TrimEnd('/'),
            Capabilities = services.GetRequiredService<WorkerCapabilities>(),
            StartTime = Timestamp.FromDateTimeOffset(identity.StartTime),
        };
        link.Restored += Signal;
        gate.Changed += Signal;
        using var draining = lifetime.ApplicationStopping.Register(Signal);
        try
        {
            await RunAsync(connection, lease, stoppingToken);
        }
        finally
        {
            gate.Changed -= Signal;
            link.Restored -= Signal;
        }
    }

    /// <summary>Runs the loop on a thread of its own, and ends with it.</summary>
    private Task RunAsync(IConnectionMultiplexer connection, WorkerLease lease, CancellationToken stoppingToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Renew(connection, lease, stoppingToken);
                ended.SetResult();
            }
            catch (Exception exception)
            {
                ended.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "Lease",
        };
        thread.Start();
        return ended.Task;
    }

    private void Renew(IConnectionMultiplexer connection, WorkerLease lease, CancellationToken stoppingToken)
    {
        bool? published = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                lease.Load = gate.Load;
                if (writer.Write(connection.GetDatabase(), lease))
                {
                    state.OnWritten();
                    if (published != true)
                    {
                        LogPublished(logger, lease.WorkerId, lease.Address);
                        published = true;
                    }
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                if (published != false)
                {
                    LogNotRenewed(logger, exception.Message);
                }

                published = false;
            }

            if (!stoppingToken.WaitHandle.WaitOne(ChangeGap))
            {
                WaitHandle.WaitAny([_changed, stoppingToken.WaitHandle], LeaseKeys.RenewalInterval);
            }
        }
    }

    // The address is known only when Kestrel has bound its ports.
    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private void Signal() => _changed.Set();

    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "Worker {WorkerId} is announced at {Address}")]
    private static partial void LogPublished(ILogger logger, string workerId, string address);

    [LoggerMessage(EventId = 131, Level = LogLevel.Warning, Message = "The worker's lease could not be renewed: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);

    [LoggerMessage(EventId = 132, Level = LogLevel.Information, Message = "Worker {WorkerId} has withdrawn its lease")]
    private static partial void LogRemoved(ILogger logger, string workerId);

    [LoggerMessage(EventId = 133, Level = LogLevel.Warning, Message = "The worker's lease is left to run out: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string reason);
}
