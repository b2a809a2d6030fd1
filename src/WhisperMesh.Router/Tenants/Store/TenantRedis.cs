using System.Collections.Concurrent;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Tenants.Store;

/// <summary>Redis as requests use it: it answers within a bound, or counts as gone for a moment, so that not each request waits.</summary>
internal sealed class TenantRedis : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly RedisLink _link;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<RedisChannel, Action<string>> _handlers = new();
    private long _silentSince = long.MinValue;

    public TenantRedis(RedisLink link, TimeProvider time)
    {
        (_link, _time) = (link, time);
        link.Restored += () => Restored?.Invoke();
    }

    /// <summary>Raised when a lost connection is back. Messages may have been missed, and Redis may have forgotten everything.</summary>
    public event Action? Restored;

    /// <summary>How long a request waits for an answer.</summary>
    public TimeSpan AnswerBound { get; set; } = TimeSpan.FromMilliseconds(800);

    public bool IsConfigured => _link.IsConfigured;

    /// <summary>Whether asking makes sense now.</summary>
    public bool IsUp => _link.Connection is not null && !IsPaused;

    private bool IsPaused =>
        Volatile.Read(ref _silentSince) is var since && since != long.MinValue && _time.GetElapsedTime(since) < Pause;

    /// <exception cref="StoreUnavailableException">Redis is gone, or did not answer in time; the command may have run all the same.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> question, CancellationToken cancellationToken)
    {
        if (_link.Connection is not { } connection || IsPaused)
        {
            throw new StoreUnavailableException();
        }

        try
        {
            return await question(connection.GetDatabase()).WaitAsync(AnswerBound, cancellationToken);
        }
        catch (TimeoutException e)
        {
            Volatile.Write(ref _silentSince, _time.GetTimestamp());
            throw new StoreUnavailableException(e);
        }
        catch (Exception e) when (e is RedisException or ObjectDisposedException or TaskCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException(e);
        }
    }

    /// <summary>Has a handler called for each message of a channel. To be called before the host starts.</summary>
    public void OnMessage(RedisChannel channel, Action<string> handler) => _handlers[channel] = handler;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_link.IsConfigured)
        {
            return;
        }

        var connection = await _link.WaitAsync(stoppingToken);
        foreach (var (channel, handler) in _handlers)
        {
            await SubscribeAsync(connection, channel, handler, stoppingToken);
        }

        // What was read before the subscription stood may have changed since.
        Restored?.Invoke();
    }

    private async Task SubscribeAsync(
        IConnectionMultiplexer connection, RedisChannel channel, Action<string> handler, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                // Kept over reconnects by the client itself.
                await connection.GetSubscriber().SubscribeAsync(channel, (_, value) => handler(value.ToString()));
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                await Task.Delay(Pause, _time, stoppingToken);
            }
        }
    }
}
