using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>
/// Notices that Redis has lost what was in it, be it by a restart or by FLUSHALL: a mark that the first process wrote is gone or is
/// another one. The mesh goes on; that keys, usage and cache are gone is for its operator to know.
/// </summary>
internal sealed partial class RedisDataGuard(TimeProvider timeProvider, ILogger<RedisDataGuard> logger) : IHealthCheck
{
    /// <summary>For how long health stays degraded after a loss.</summary>
    public static readonly TimeSpan AlarmTime = TimeSpan.FromMinutes(5);

    private string? _mark;
    private long _lostAt;
    private volatile bool _lost;

    /// <summary>Looks at the mark; called by one loop.</summary>
    public async Task CheckAsync(IDatabase database)
    {
        await database.StringSetAsync(LeaseKeys.DataMark, Guid.NewGuid().ToString("N"), when: When.NotExists);
        string? mark = await database.StringGetAsync(LeaseKeys.DataMark);
        if (_mark is not null && mark != _mark)
        {
            _lostAt = timeProvider.GetTimestamp();
            _lost = true;
            LogLost(logger);
        }

        _mark = mark ?? _mark;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_lost && timeProvider.GetElapsedTime(_lostAt) < AlarmTime
            ? HealthCheckResult.Degraded("Redis has lost its data. Workers announce themselves again; API keys, usage and cache in it are gone.")
            : HealthCheckResult.Healthy());

    [LoggerMessage(EventId = 282, Level = LogLevel.Error,
        Message = "Redis has lost its data: workers announce themselves again; API keys, usage and cache in it are gone")]
    private static partial void LogLost(ILogger logger);
}
