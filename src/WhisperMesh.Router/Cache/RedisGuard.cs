using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Cache;

/// <summary>Asks Redis with a bound. After a failure nobody asks for a while, so that a slow Redis delays one request in many.</summary>
internal sealed class RedisGuard(RedisLink link, IOptions<RouterOptions> options, TimeProvider time, ILogger<RedisGuard> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _closedUntil;

    /// <summary>Whether Redis may be asked.</summary>
    public bool IsOpen => Volatile.Read(ref _closedUntil) <= time.GetTimestamp();

    /// <summary>The answer, or null when there is none in time.</summary>
    /// <param name="ask">Asks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="bound">Longest wait; null: that of a request.</param>
    public async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken, TimeSpan? bound = null)
        where T : class?
    {
        if (link.Connection is not { } connection || !IsOpen)
        {
            return null;
        }

        try
        {
            return await ask(connection.GetDatabase()).WaitAsync(bound ?? options.Value.CacheTimeout, time, cancellationToken);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Volatile.Write(ref _closedUntil, time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency));
            CacheLog.RedisFailed(logger, e is TimeoutException ? "it does not answer in time" : e.Message);
            return null;
        }
    }
}
