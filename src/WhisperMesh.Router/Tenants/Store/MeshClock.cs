using StackExchange.Redis;

namespace WhisperMesh.Router.Tenants.Store;

/// <summary>
/// The time as all routers agree on it. The own clock counts as long as it is within half a minute of Redis's; one that is further
/// off is corrected, and the log says so.
/// </summary>
internal sealed class MeshClock(TenantRedis redis, TimeProvider time, ILogger<MeshClock> logger) : BackgroundService
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _correctionTicks;

    public DateTimeOffset UtcNow => time.GetUtcNow() + Correction;

    /// <summary>The day that budgets and usage go by.</summary>
    public DateOnly Today => DateOnly.FromDateTime(UtcNow.UtcDateTime);

    private TimeSpan Correction => TimeSpan.FromTicks(Interlocked.Read(ref _correctionTicks));

    /// <summary>Compares the own clock with Redis's.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow();
        var reply = await redis.AskAsync(database => database.ExecuteAsync("TIME"), cancellationToken);
        var after = time.GetUtcNow();
        var there = TimeOf((RedisResult[])reply!);
        Take(there - (before + ((after - before) / 2)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        void CheckSoon() => _ = TryCheckAsync(stoppingToken);
        redis.Restored += CheckSoon;
        try
        {
            using var beat = new PeriodicTimer(Interval, time);
            do
            {
                await TryCheckAsync(stoppingToken);
            }
            while (await beat.WaitForNextTickAsync(stoppingToken));
        }
        finally
        {
            redis.Restored -= CheckSoon;
        }
    }

    private async Task TryCheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // What was found last still holds best.
        }
    }

    private void Take(TimeSpan off)
    {
        var wrong = off.Duration() > Tolerance;
        var was = Correction;
        Interlocked.Exchange(ref _correctionTicks, wrong ? off.Ticks : 0);
        if (wrong && (was - off).Duration() > Tolerance)
        {
            MeshClockLog.Off(logger, -off.TotalSeconds);
        }
        else if (!wrong && was != TimeSpan.Zero)
        {
            MeshClockLog.Right(logger);
        }
    }

    private static DateTimeOffset TimeOf(RedisResult[] parts) =>
        DateTimeOffset.FromUnixTimeSeconds((long)parts[0]).AddMicroseconds((long)parts[1]);
}

internal static partial class MeshClockLog
{
    [LoggerMessage(260, LogLevel.Warning,
        "This machine's clock is off by {Seconds:0} s against Redis's; keys expire and days begin by Redis's. Set the clock right.")]
    public static partial void Off(ILogger logger, double seconds);

    [LoggerMessage(261, LogLevel.Information, "This machine's clock agrees with Redis's again")]
    public static partial void Right(ILogger logger);
}
