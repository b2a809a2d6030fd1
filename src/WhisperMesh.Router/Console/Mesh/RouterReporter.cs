using System.Text.Json;
using StackExchange.Redis;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>Tells the other routers how this one is, and hears how they are, on a beat. Without Redis this one is all there is.</summary>
internal sealed class RouterReporter(
    RedisLink link,
    RouterReports reports,
    RouterIdentity identity,
    MeshView view,
    MeshClock clock,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RouterReporter> logger) : BackgroundService
{
    // Sorted set of router ids, by the time at which their report grows old, in Unix milliseconds.
    private static readonly RedisKey Index = "whispermesh:routers";

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(1);

    private IReadOnlyList<RouterReport> _others = [];
    private long _heardAt;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (link.Connection is not { } connection)
        {
            return;
        }

        var database = connection.GetDatabase();
        try
        {
            await Task.WhenAll(database.SortedSetRemoveAsync(Index, identity.Id), database.KeyDeleteAsync(KeyOf(identity.Id)))
                .WaitAsync(AnswerBound, time, cancellationToken);
        }
        catch (Exception e) when (IsLoss(e))
        {
            // The report grows old by itself.
            ConsoleLog.NotTold(logger, e.Message);
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
            try
            {
                var own = await reports.MakeAsync(stoppingToken);
                view.Take(own, await ExchangeAsync(own, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A view of the router must not be what ends it.
                ConsoleLog.NotMade(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<IReadOnlyList<RouterReport>> ExchangeAsync(RouterReport own, CancellationToken cancellationToken)
    {
        try
        {
            if (link.Connection is { } connection)
            {
                _others = await ExchangeAsync(connection.GetDatabase(), own).WaitAsync(AnswerBound, time, cancellationToken);
                _heardAt = time.GetTimestamp();
            }
        }
        catch (Exception e) when (IsLoss(e) && !cancellationToken.IsCancellationRequested)
        {
            ConsoleLog.NotTold(logger, e.Message);
        }

        return time.GetElapsedTime(_heardAt) < Life ? _others : [];
    }

    private async Task<IReadOnlyList<RouterReport>> ExchangeAsync(IDatabase database, RouterReport own)
    {
        var now = clock.UtcNow;
        var text = JsonSerializer.Serialize(own, MeshJson.Default.RouterReport);
        var told = Task.WhenAll(
            database.StringSetAsync(KeyOf(own.Id), text, Life),
            database.SortedSetAddAsync(Index, own.Id, (now + Life).ToUnixTimeMilliseconds()),
            database.SortedSetRemoveRangeByScoreAsync(Index, double.NegativeInfinity, now.ToUnixTimeMilliseconds()));
        var ids = await database.SortedSetRangeByRankAsync(Index);
        await told;
        var others = ids.Select(id => id.ToString()).Where(id => id != own.Id).Order(StringComparer.Ordinal).ToArray();
        var values = others.Length == 0 ? [] : await database.StringGetAsync([.. others.Select(KeyOf)]);
        return [.. values.Select(Read).OfType<RouterReport>()];
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

    private static bool IsLoss(Exception exception) =>
        exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException;

    private static RedisKey KeyOf(string id) => $"whispermesh:router:{id}";
}

internal static partial class ConsoleLog
{
    [LoggerMessage(490, LogLevel.Debug, "Other routers could not be told how this one is: {Reason}")]
    public static partial void NotTold(ILogger logger, string reason);

    [LoggerMessage(491, LogLevel.Debug, "Another router's report has a shape that this one does not know")]
    public static partial void NotUnderstood(ILogger logger);

    [LoggerMessage(492, LogLevel.Warning, "How this router is could not be told; it goes on")]
    public static partial void NotMade(ILogger logger, Exception exception);
}
