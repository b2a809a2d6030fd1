using System.Text.Json;
using StackExchange.Redis;
using WhisperMesh.Router.Tenants.Store;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>Tells the other routers how this one is, and hears how they are, on a beat. Without Redis this one is all there is.</summary>
internal sealed class RouterReporter(
    TenantRedis redis, RouterReports reports, RouterIdentity identity, MeshView view, MeshClock clock, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<RouterReporter> logger) : BackgroundService
{
    // Sorted set of router ids, by the time at which their report grows old, in Unix milliseconds.
    private static readonly RedisKey Index = "whispermesh:routers";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!redis.IsUp)
        {
            return;
        }

        try
        {
            await redis.AskAsync(database => database.SortedSetRemoveAsync(Index, identity.Id), cancellationToken);
            await redis.AskAsync(database => database.KeyDeleteAsync(KeyOf(identity.Id)), cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // The report grows old by itself.
            ConsoleLog.NotTold(logger);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The address is known only when Kestrel has bound its ports.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(stoppingToken);
        }

        using var timer = new PeriodicTimer(Beat, time);
        do
        {
            var own = await reports.MakeAsync(stoppingToken);
            view.Take(own, await ExchangeAsync(own, stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<RouterReport>> ExchangeAsync(RouterReport own, CancellationToken cancellationToken)
    {
        if (!redis.IsUp)
        {
            return [];
        }

        try
        {
            var now = clock.UtcNow;
            var text = JsonSerializer.Serialize(own, MeshJson.Default.RouterReport);
            await redis.AskAsync(database => database.StringSetAsync(KeyOf(own.Id), text, Life), cancellationToken);
            await redis.AskAsync(database => database.SortedSetAddAsync(Index, own.Id, (now + Life).ToUnixTimeMilliseconds()), cancellationToken);
            await redis.AskAsync(
                database => database.SortedSetRemoveRangeByScoreAsync(Index, double.NegativeInfinity, now.ToUnixTimeMilliseconds()), cancellationToken);
            var ids = await redis.AskAsync(database => database.SortedSetRangeByRankAsync(Index), cancellationToken);
            var others = ids.Select(id => id.ToString()).Where(id => id != own.Id).Order(StringComparer.Ordinal).ToArray();
            if (others.Length == 0)
            {
                return [];
            }

            var values = await redis.AskAsync(database => database.StringGetAsync([.. others.Select(KeyOf)]), cancellationToken);
            return [.. values.Select(Read).OfType<RouterReport>()];
        }
        catch (StoreUnavailableException)
        {
            return [];
        }
    }

    // Another version's report may have another shape: then that router is left out rather than this one's view lost.
    private RouterReport? Read(RedisValue value)
    {
        try
        {
            return value.IsNullOrEmpty ? null : JsonSerializer.Deserialize(value.ToString(), MeshJson.Default.RouterReport);
        }
        catch (JsonException)
        {
            ConsoleLog.NotUnderstood(logger);
            return null;
        }
    }

    private static RedisKey KeyOf(string id) => $"whispermesh:router:{id}";
}

internal static partial class ConsoleLog
{
    [LoggerMessage(490, LogLevel.Debug, "Redis does not answer: other routers will see this one for a few seconds more")]
    public static partial void NotTold(ILogger logger);

    [LoggerMessage(491, LogLevel.Debug, "Another router's report has a shape that this one does not know")]
    public static partial void NotUnderstood(ILogger logger);
}
