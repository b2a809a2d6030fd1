using System.Threading.Channels;
using Google.Protobuf;
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
internal sealed partial class WorkerLeasePublisher(
    RedisLink link,
    WorkerIdentity identity,
    WorkerGate gate,
    MeshAddresses addresses,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    ILogger<WorkerLeasePublisher> logger) : BackgroundService
{
    // Changes of load come in bursts; one message tells of all of them.
    private static readonly TimeSpan ChangeGap = TimeSpan.FromMilliseconds(50);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

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
            await RemoveAsync(connection).WaitAsync(TimeSpan.FromSeconds(2), timeProvider, cancellationToken);
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
            Address = addresses.Grpc.ToString().TrimEnd('/'),
            Capabilities = services.GetRequiredService<WorkerCapabilities>(),
            StartTime = Timestamp.FromDateTimeOffset(identity.StartTime),
        };
        link.Restored += Signal;
        gate.Changed += Signal;
        using var draining = lifetime.ApplicationStopping.Register(Signal);
        try
        {
            await RenewAsync(connection, lease, stoppingToken);
        }
        finally
        {
            gate.Changed -= Signal;
            link.Restored -= Signal;
        }
    }

    private async Task RenewAsync(IConnectionMultiplexer connection, WorkerLease lease, CancellationToken stoppingToken)
    {
        bool? published = null;
        while (true)
        {
            try
            {
                lease.Load = gate.Load;
                await PublishAsync(connection, lease);
                if (published != true)
                {
                    LogPublished(logger, lease.WorkerId, lease.Address);
                }

                published = true;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                if (published != false)
                {
                    LogNotRenewed(logger, exception.Message);
                }

                published = false;
            }

            await Task.Delay(ChangeGap, timeProvider, stoppingToken);
            await WaitForChangeAsync(stoppingToken);
        }
    }

    private async Task WaitForChangeAsync(CancellationToken stoppingToken)
    {
        using var timer = timeProvider.CreateTimer(_ => Signal(), null, LeaseKeys.RenewalInterval, Timeout.InfiniteTimeSpan);
        await _changes.Reader.ReadAsync(stoppingToken);
    }

    private async Task PublishAsync(IConnectionMultiplexer connection, WorkerLease lease)
    {
        var batch = connection.GetDatabase().CreateBatch();
        var expiry = timeProvider.GetUtcNow() + LeaseKeys.Duration;
        Task[] writes =
        [
            batch.StringSetAsync(LeaseKeys.Lease(lease.WorkerId), lease.ToByteArray(), LeaseKeys.Duration),
            batch.SortedSetAddAsync(LeaseKeys.Index, lease.WorkerId, expiry.ToUnixTimeMilliseconds()),
            // Workers that were killed leave their id behind; a minute allows for clocks that disagree.
            batch.SortedSetRemoveRangeByScoreAsync(
                LeaseKeys.Index, double.NegativeInfinity, (expiry - TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds()),
            batch.PublishAsync(LeaseKeys.Changed, lease.WorkerId),
        ];
        batch.Execute();
        await Task.WhenAll(writes);
    }

    private async Task RemoveAsync(IConnectionMultiplexer connection)
    {
        var batch = connection.GetDatabase().CreateBatch();
        Task[] writes =
        [
            batch.KeyDeleteAsync(LeaseKeys.Lease(identity.Id)),
            batch.SortedSetRemoveAsync(LeaseKeys.Index, identity.Id),
            batch.PublishAsync(LeaseKeys.Changed, identity.Id),
        ];
        batch.Execute();
        await Task.WhenAll(writes);
        LogRemoved(logger, identity.Id);
    }

    // The address is known only when Kestrel has bound its ports.
    private async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    private void Signal() => _changes.Writer.TryWrite(true);

    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "Worker {WorkerId} is announced at {Address}")]
    private static partial void LogPublished(ILogger logger, string workerId, string address);

    [LoggerMessage(EventId = 131, Level = LogLevel.Warning, Message = "The worker's lease could not be renewed: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string reason);

    [LoggerMessage(EventId = 132, Level = LogLevel.Information, Message = "Worker {WorkerId} has withdrawn its lease")]
    private static partial void LogRemoved(ILogger logger, string workerId);

    [LoggerMessage(EventId = 133, Level = LogLevel.Warning, Message = "The worker's lease is left to run out: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string reason);
}
