using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Shaping;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Captions.Sharing;

/// <summary>
/// Captions in Redis, for other routers and for after this one. Of a channel there are a string (where it stands), a list (its
/// captions) and a string (who produces it); events are published as viewers get them. No call waits longer than a second, and what
/// is written is not waited for.
/// </summary>
internal sealed class CaptionStore(RedisLink link, IOptions<CaptionOptions> options, TimeProvider time, ILogger<CaptionStore> logger)
{
    private const string Prefix = "whispermesh:captions:";
    private const int DigestBytes = 16;
    private const CommandFlags Quietly = CommandFlags.FireAndForget;

    private static readonly RedisKey Index = Prefix + "index";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CaptionOptions _options = options.Value;

    public bool IsUp => link.Connection is not null;

    /// <summary>Writes and publishes one event. Does not wait.</summary>
    /// <returns>False when Redis is not there.</returns>
    public bool Share(ChannelKey key, CaptionEvent change, SharedEvent message, StoredProducer producer)
    {
        if (link.Connection is not { } connection)
        {
            return false;
        }

        try
        {
            var database = connection.GetDatabase();
            var transaction = database.CreateTransaction();
            if (change.Type == CaptionEventTypes.Started)
            {
                _ = transaction.KeyDeleteAsync(Captions(key), Quietly);
            }
            else if (change.Type == CaptionEventTypes.Caption)
            {
                _ = transaction.ListRightPushAsync(Captions(key), message.Json, flags: Quietly);
                _ = transaction.ListTrimAsync(Captions(key), -_options.MaxCaptions, -1, Quietly);
            }

            Write(transaction, key, producer);
            transaction.Execute(Quietly);
            if (change.Type is not (CaptionEventTypes.Tentative or CaptionEventTypes.Status))
            {
                Note(database, key, producer);
            }

            // Apart: Garnet takes no PUBLISH in a transaction.
            database.Publish(Live(key), message.Json, Quietly);
            return true;
        }
        catch (Exception e) when (IsTrouble(e))
        {
            CaptionLogging.NotShared(logger, e.Message);
            return false;
        }
    }

    /// <summary>Writes all there is of a channel, such as after Redis was away.</summary>
    /// <returns>False when it could not be done.</returns>
    public async Task<bool> RewriteAsync(ChannelKey key, CaptionLog log, StoredProducer producer)
    {
        var done = await AskAsync(async database =>
        {
            var transaction = database.CreateTransaction();
            _ = transaction.KeyDeleteAsync(Captions(key));
            RedisValue[] captions = [.. log.Captions.Select(caption => (RedisValue)SharedEvent.Of(CaptionEvent.Of(log.Run, caption)).Json)];
            if (captions.Length > 0)
            {
                _ = transaction.ListRightPushAsync(Captions(key), captions);
            }

            Write(transaction, key, producer);
            await transaction.ExecuteAsync();
            Note(database, key, producer);
            return "";
        });
        return done is not null;
    }

    /// <summary>What Redis has of a channel; null: nothing, or no answer.</summary>
    public Task<StoredChannel?> LoadAsync(ChannelKey key) => AskAsync(async database =>
    {
        var transaction = database.CreateTransaction();
        var producer = transaction.StringGetAsync(Producer(key));
        var captions = transaction.ListRangeAsync(Captions(key));
        await transaction.ExecuteAsync();
        return await producer is { IsNull: false } found
            && JsonSerializer.Deserialize((byte[])found!, CaptionJson.Readable.StoredProducer) is { } stored
                ? new StoredChannel(stored, Read(stored, await captions))
                : null;
    });

    /// <summary>The channel that a link leads to; null: none, or no answer.</summary>
    public async Task<ChannelKey?> FindAsync(string name, string viewToken)
    {
        var found = await AskAsync(async database => (string?)await database.StringGetAsync(View(name, viewToken)));
        return found?.Split(':') is [var tenantId, _] ? new ChannelKey(tenantId, name) : null;
    }

    /// <summary>Has a handler called for each event of a channel.</summary>
    public async Task<bool> SubscribeAsync(ChannelKey key, Action<byte[]> handler)
    {
        var done = await AskAsync(async database =>
        {
            await database.Multiplexer.GetSubscriber().SubscribeAsync(Live(key), (_, value) => handler(value!));
            return "";
        });
        return done is not null;
    }

    public void Unsubscribe(ChannelKey key)
    {
        try
        {
            link.Connection?.GetSubscriber().Unsubscribe(Live(key), flags: Quietly);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            // A connection that is gone listens to nothing.
        }
    }

    /// <summary>Takes or renews the right to produce a channel.</summary>
    /// <returns>Who has it; null when Redis does not say.</returns>
    public async Task<string?> ClaimAsync(ChannelKey key, string claimant, string session, TimeSpan life) =>
        await AskAsync(async database => (string?)await database.ScriptEvaluateAsync(
            CaptionScripts.Claim, [Owner(key)], [claimant, session + " ", (long)life.TotalMilliseconds]));

    /// <summary>Renews the right to produce a channel, if it is still had.</summary>
    public async Task<string?> RenewAsync(ChannelKey key, string claimant, TimeSpan life) =>
        await AskAsync(async database => (string?)await database.ScriptEvaluateAsync(
            CaptionScripts.Renew, [Owner(key)], [claimant, (long)life.TotalMilliseconds]));

    public Task ReleaseAsync(ChannelKey key, string claimant, TimeSpan life) => AskAsync(async database =>
    {
        await database.ScriptEvaluateAsync(CaptionScripts.Release, [Owner(key)], [claimant, (long)life.TotalMilliseconds]);
        return "";
    });

    /// <summary>Whether somebody produces a channel; null when Redis does not say.</summary>
    public async Task<bool?> IsOwnedAsync(ChannelKey key) =>
        await AskAsync(async database => (string?)await database.StringGetAsync(Owner(key)) ?? CaptionScripts.Nobody) is { } owner
            ? owner != CaptionScripts.Nobody
            : null;

    /// <summary>Lets go of the channels that changed longest ago, beyond as many as are kept.</summary>
    public Task TrimAsync() => AskAsync(async database =>
    {
        var surplus = await database.SortedSetLengthAsync(Index) - _options.MaxChannels;
        if (surplus > 0)
        {
            foreach (var member in await database.SortedSetRangeByRankAsync(Index, 0, surplus - 1))
            {
                if (((string)member!).Split(':') is [var tenantId, var name])
                {
                    var key = new ChannelKey(tenantId, name);
                    await database.KeyDeleteAsync([Producer(key), Captions(key)]);
                }

                await database.SortedSetRemoveAsync(Index, member);
            }
        }

        return "";
    });

    private void Write(ITransaction transaction, ChannelKey key, StoredProducer producer)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(producer, CaptionJson.Readable.StoredProducer);
        _ = transaction.StringSetAsync(Producer(key), json, _options.Retention, flags: Quietly);
        _ = transaction.KeyExpireAsync(Captions(key), _options.Retention, Quietly);
    }

    private void Note(IDatabase database, ChannelKey key, StoredProducer producer)
    {
        database.StringSet(View(key.Name, producer.View), key.ToString(), _options.Retention, flags: Quietly);
        database.SortedSetAdd(Index, key.ToString(), time.GetUtcNow().ToUnixTimeMilliseconds(), Quietly);
        database.KeyExpire(Index, _options.Retention, Quietly);
    }

    private CaptionLog Read(StoredProducer producer, RedisValue[] captions)
    {
        var log = CaptionLog.Empty.Apply(
            new CaptionEvent { Type = CaptionEventTypes.Started, Run = producer.Run, StartedAt = producer.StartedAt }, _options);
        foreach (var json in captions)
        {
            log = log.Apply(JsonSerializer.Deserialize((byte[])json!, CaptionJson.Readable.CaptionEvent)!, _options);
        }

        return log.Apply(
            new CaptionEvent
            {
                Type = CaptionEventTypes.Status,
                Run = producer.Run,
                State = producer.State,
                Received = producer.Received,
                Settled = producer.Settled,
                LastId = log.LastId,
                LastEnd = producer.LastEnd,
            },
            _options) with
        { Language = producer.Language, Tentative = log.HasEnded ? null : Open(producer) };
    }

    // Words that are in no caption yet, as they stand on the screen.
    private CaptionEvent? Open(StoredProducer producer)
    {
        if (producer.Open.Count == 0)
        {
            return null;
        }

        var shaper = new CaptionShaper(_options);
        shaper.Restore(null, producer.Open.Select(word => word.ToWord()), TimeSpan.Zero, TimeSpan.Zero, producer.BeginsUtterance);
        return new CaptionEvent
        {
            Type = CaptionEventTypes.Tentative,
            Run = producer.Run,
            Text = string.Concat(producer.Open.Select(word => word.Text)).TrimStart(),
            Lines = shaper.OpenLines,
        };
    }

    private async Task<T?> AskAsync<T>(Func<IDatabase, Task<T>> ask)
        where T : class?
    {
        if (link.Connection is not { } connection)
        {
            return null;
        }

        try
        {
            return await ask(connection.GetDatabase()).WaitAsync(Patience, time);
        }
        catch (Exception e) when (IsTrouble(e) || e is JsonException)
        {
            CaptionLogging.NotShared(logger, e is TimeoutException ? "Redis does not answer in time" : e.Message);
            return null;
        }
    }

    private static bool IsTrouble(Exception e) => e is RedisException or TimeoutException or TaskCanceledException or ObjectDisposedException;

    // The braces keep all keys of a channel on one node of a cluster.
    private static RedisKey Producer(ChannelKey key) => $"{Prefix}{{{key}}}:producer";

    private static RedisKey Captions(ChannelKey key) => $"{Prefix}{{{key}}}:captions";

    private static RedisKey Owner(ChannelKey key) => $"{Prefix}{{{key}}}:owner";

    private static RedisKey View(string name, string viewToken) =>
        $"{Prefix}view:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}:{viewToken}")).AsSpan(0, DigestBytes))}";

    private static RedisChannel Live(ChannelKey key) => RedisChannel.Literal($"{Prefix}live:{key}");
}
