using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Reads all leases on a beat and single ones when their worker says that they changed.</summary>
/// <remarks>Only <see cref="ExecuteAsync"/>'s loop touches <see cref="_table"/>; readers see whole snapshots.</remarks>
internal sealed partial class RedisWorkerDirectory(
    RedisLink link,
    LeaseReader reader,
    RedisDataGuard guard,
    MeshClock clock,
    TimeProvider timeProvider,
    ILogger<RedisWorkerDirectory> logger) : BackgroundService, IWorkerDirectory
{
    // Null asks for a full read. What is dropped when it overflows comes with the next full read.
    private readonly Channel<string?> _changes = Channel.CreateBounded<string?>(
        new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly LeaseTable _table = new();
    private volatile IReadOnlyList<WorkerLease> _workers = [];

    public event Action? Changed;

    public IReadOnlyList<WorkerLease> Workers => _workers;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!link.IsConfigured)
        {
            return;
        }

        var connection = await link.WaitAsync(stoppingToken);
        link.Restored += ReadAll;
        using var beat = timeProvider.CreateTimer(_ => ReadAll(), null, TimeSpan.Zero, LeaseKeys.RenewalInterval);
        try
        {
            await RunAsync(connection, stoppingToken);
        }
        finally
        {
            link.Restored -= ReadAll;
        }
    }

    private async Task RunAsync(IConnectionMultiplexer connection, CancellationToken stoppingToken)
    {
        var subscribed = false;
        await foreach (var workerId in _changes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (!subscribed)
                {
                    // Kept over reconnects by the client itself.
                    await connection.GetSubscriber().SubscribeAsync(
                        LeaseKeys.Changed, (_, id) => _changes.Writer.TryWrite(id.ToString()));
                    subscribed = true;
                }

                var changed = workerId is null
                    ? await ReadAllAsync(connection.GetDatabase())
                    : await ReadOneAsync(connection.GetDatabase(), workerId);
                if (changed)
                {
                    _workers = _table.Snapshot();
                    Changed?.Invoke();
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                LogNotRead(logger, exception.Message);
            }
        }
    }

    private async Task<bool> ReadAllAsync(IDatabase database)
    {
        await clock.SynchronizeAsync(database);
        await guard.CheckAsync(database);
        var ids = (await database.SortedSetRangeByRankAsync(LeaseKeys.Index)).Select(id => id.ToString()).ToArray();
        var values = await database.StringGetAsync([.. ids.Select(LeaseKeys.Lease)]);
        var leases = ids.Zip(values, reader.Read).OfType<TrustedLease>();
        return _table.Replace(leases, RedisLink.Monotonic(timeProvider), link.ConnectedSince);
    }

    private async Task<bool> ReadOneAsync(IDatabase database, string workerId)
    {
        var value = await database.StringGetAsync(LeaseKeys.Lease(workerId));
        return value.IsNull ? _table.Remove(workerId)
            : reader.Read(workerId, value) is { } lease && _table.Set(lease, RedisLink.Monotonic(timeProvider));
    }

    private void ReadAll() => _changes.Writer.TryWrite(null);

    [LoggerMessage(EventId = 140, Level = LogLevel.Debug, Message = "The workers' leases could not be read: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
