using System.Globalization;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Relay;

/// <summary>
/// Learns from Redis, at start and as it happens, of audio that workers died with at other routers: no request has to ask. Tells them what
/// they could not be told when it happened.
/// </summary>
internal sealed class RefusedAudioListener(
    RefusedAudio refused, IServiceProvider services, TimeProvider time, ILogger<RefusedAudioListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<RedisLink>() is not { IsConfigured: true } link)
        {
            return;
        }

        var connection = await link.WaitAsync(stoppingToken);
        link.Restored += Load;
        try
        {
            await SubscribeAsync(connection.GetSubscriber(), stoppingToken);
            await LoadAsync(connection);
            using var timer = new PeriodicTimer(Pause, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (connection.IsConnected)
                {
                    await refused.TellRestAsync();
                }
            }
        }
        finally
        {
            link.Restored -= Load;
        }

        void Load() => _ = LoadAsync(connection);
    }

    private async Task SubscribeAsync(ISubscriber subscriber, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await subscriber.SubscribeAsync(RedisRefusedAudio.Changed, (_, news) => Learn(news!));
                return;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                RedisRefusedAudioLog.NotRead(logger, e.Message);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task LoadAsync(IConnectionMultiplexer connection)
    {
        try
        {
            var database = connection.GetDatabase();
            foreach (var hash in await database.SortedSetRangeByScoreAsync(RedisRefusedAudio.Index, time.GetUtcNow().ToUnixTimeMilliseconds()))
            {
                var key = RedisRefusedAudio.KeyOf(hash!);
                if (await database.HashGetAsync(key, RedisRefusedAudio.Head) is { IsNull: false } head)
                {
                    refused.Learn(hash!, head!, (int)await database.HashLengthAsync(key) - 1);
                }
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            RedisRefusedAudioLog.NotRead(logger, e.Message);
        }
    }

    private void Learn(string news)
    {
        if (news.Split(' ') is [var hash, var head, var count] && int.TryParse(count, CultureInfo.InvariantCulture, out var deaths))
        {
            refused.Learn(hash, head, deaths);
        }
    }
}
