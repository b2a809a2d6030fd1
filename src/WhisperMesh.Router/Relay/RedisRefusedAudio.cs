using System.Globalization;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Relay;

/// <summary>Keeps what is known of audio that workers died with in Redis, for all routers. Without Redis each router goes by its own memory.</summary>
internal sealed class RedisRefusedAudio(IServiceProvider services, TimeProvider time, ILogger<RedisRefusedAudio> logger) : IRefusedAudioStore
{
    /// <summary>Sorted set of hashes, by the time in Unix milliseconds at which they are forgotten.</summary>
    internal static readonly RedisKey Index = "whispermesh:audio:died-with";

    /// <summary>Channel of what changes: hash, head and deaths, with a space between.</summary>
    internal static readonly RedisChannel Changed = RedisChannel.Literal("whispermesh:audio:died-with:changed");

    /// <summary>Field of an audio's hash that tells how it begins; each other one is a worker.</summary>
    internal const string Head = "head";

    // The request that lost its worker waits meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    internal static RedisKey KeyOf(string hash) => $"whispermesh:audio:died-with:{hash}";

    public async Task<int> AddDeathsAsync(string hash, string head, IReadOnlyCollection<string> workerIds, TimeSpan memory)
    {
        if (services.GetService<RedisLink>()?.Connection is not { } connection)
        {
            return 0;
        }

        try
        {
            var transaction = connection.GetDatabase().CreateTransaction();
            _ = transaction.HashSetAsync(KeyOf(hash), [new(Head, head), .. workerIds.Select(id => new HashEntry(id, true))]);
            var fields = transaction.HashLengthAsync(KeyOf(hash));
            _ = transaction.KeyExpireAsync(KeyOf(hash), memory);
            _ = transaction.SortedSetAddAsync(Index, hash, (time.GetUtcNow() + memory).ToUnixTimeMilliseconds());
            _ = transaction.SortedSetRemoveRangeByScoreAsync(Index, double.NegativeInfinity, time.GetUtcNow().ToUnixTimeMilliseconds());
            await transaction.ExecuteAsync().WaitAsync(Patience);
            // All fields but one are workers.
            var count = (int)await fields - 1;
            var news = string.Create(CultureInfo.InvariantCulture, $"{hash} {head} {count}");
            await connection.GetSubscriber().PublishAsync(Changed, news).WaitAsync(Patience);
            return count;
        }
        catch (Exception e) when (e is RedisException or TimeoutException or TaskCanceledException or ObjectDisposedException)
        {
            RedisRefusedAudioLog.NotStored(logger, e.Message);
            return 0;
        }
    }

    public void Forget(string hash)
    {
        if (services.GetService<RedisLink>()?.Connection is { } connection)
        {
            var batch = connection.GetDatabase().CreateBatch();
            _ = batch.KeyDeleteAsync(KeyOf(hash), CommandFlags.FireAndForget);
            _ = batch.SortedSetRemoveAsync(Index, hash, CommandFlags.FireAndForget);
            _ = batch.PublishAsync(Changed, $"{hash} - 0", CommandFlags.FireAndForget);
            batch.Execute();
        }
    }
}

internal static partial class RedisRefusedAudioLog
{
    [LoggerMessage(222, LogLevel.Warning, "Other routers were not told of audio that a worker died with: {Reason}")]
    public static partial void NotStored(ILogger logger, string reason);

    [LoggerMessage(223, LogLevel.Warning, "Audio that workers died with at other routers could not be looked up: {Reason}")]
    public static partial void NotRead(ILogger logger, string reason);
}
