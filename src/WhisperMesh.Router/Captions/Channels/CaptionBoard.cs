using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Sharing;
using WhisperMesh.Router.Live;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>The channels that this router has in memory: those of its own sessions, and others' that somebody here has asked for.</summary>
internal sealed class CaptionBoard(CaptionStore store, CaptionClaims claims, IOptions<CaptionOptions> options, TimeProvider time)
{
    // 128 bits, as hexadecimal digits.
    private const int TokenBytes = 16;

    private readonly ConcurrentDictionary<ChannelKey, CaptionChannel> _channels = new();
    private readonly Lock _opening = new();

    public IEnumerable<CaptionChannel> Channels => _channels.Values;

    public async ValueTask<CaptionChannel?> FindAsync(ChannelKey key)
    {
        if (_channels.TryGetValue(key, out var channel))
        {
            return channel;
        }

        return await store.LoadAsync(key) is { } stored ? await AddAsync(key, stored) : null;
    }

    /// <summary>The channel that a viewer's link leads to.</summary>
    public async ValueTask<CaptionChannel?> FindAsync(string name, string viewToken)
    {
        foreach (var channel in _channels.Values)
        {
            if (channel.Key.Name == name && IsToken(channel, viewToken))
            {
                return channel;
            }
        }

        return await store.FindAsync(name, viewToken) is { } key && await FindAsync(key) is { } found && IsToken(found, viewToken)
            ? found
            : null;
    }

    /// <summary>Gives a session its channel. With it comes what is stored of the same session, when it goes on here.</summary>
    /// <returns>No channel when another session has the name.</returns>
    public async Task<(CaptionChannel? Channel, StoredProducer? Stored)> OpenAsync(CaptionRun run, LiveSessionInfo session)
    {
        if (!await claims.TryClaimAsync(run.Key, session.Id))
        {
            return (null, null);
        }

        var stored = await store.LoadAsync(run.Key);
        var goesOn = stored is { Log.HasEnded: false } && stored.Producer.Session == session.Id;
        lock (_opening)
        {
            var channel = _channels.GetOrAdd(run.Key, key => New(key, stored));
            if (goesOn && channel.Producer is null)
            {
                channel.Replace(stored!.Log);
            }

            channel.Producer = run;
            return (channel, goesOn ? stored!.Producer : null);
        }
    }

    /// <summary>A session has ended, and its last captions are on their way.</summary>
    public void OnEnding(CaptionRun run) => claims.OnEnding(run.Key, run.SessionId, run.Done);

    /// <summary>A session is over, or its captions are.</summary>
    public void Close(CaptionRun run)
    {
        if (_channels.TryGetValue(run.Key, out var channel))
        {
            lock (_opening)
            {
                if (!ReferenceEquals(channel.Producer, run))
                {
                    return;
                }

                channel.Producer = null;
                channel.Last = run.Standing;
            }

            _ = claims.ReleaseAsync(run.Key, run.SessionId);
        }
    }

    /// <summary>Another router goes on with the session.</summary>
    public void GiveUp(CaptionRun run)
    {
        if (_channels.TryGetValue(run.Key, out var channel) && ReferenceEquals(channel.Producer, run))
        {
            channel.Producer = null;
            channel.IsUnshared = false;
        }
    }

    /// <summary>Tells other routers of an event.</summary>
    public void Share(CaptionChannel channel, CaptionEvent change, SharedEvent message, StoredProducer standing)
    {
        // What has once failed is written whole when Redis is back.
        if (!channel.IsUnshared && !store.Share(channel.Key, change, message, standing))
        {
            channel.IsUnshared = true;
        }

        if (change.Type == CaptionEventTypes.Started)
        {
            _ = store.TrimAsync();
        }
    }

    /// <summary>Hears what other routers tell of a channel.</summary>
    public async Task FollowAsync(CaptionChannel channel)
    {
        if (!channel.IsFollowed && store.IsUp && await store.SubscribeAsync(channel.Key, json => Hear(channel, json)))
        {
            channel.IsFollowed = true;
            await ReloadAsync(channel);
        }
    }

    /// <summary>Takes what Redis has of a channel that is produced elsewhere.</summary>
    public async Task ReloadAsync(CaptionChannel channel)
    {
        var stored = await store.LoadAsync(channel.Key);
        lock (_opening)
        {
            if (stored is not null && channel.Producer is null && !channel.IsUnshared)
            {
                channel.Replace(stored.Log);
                channel.Last = stored.Producer;
            }
        }
    }

    /// <summary>Forgets a channel in memory; Redis may have it yet.</summary>
    public void Drop(CaptionChannel channel)
    {
        if (_channels.TryRemove(new(channel.Key, channel)))
        {
            store.Unsubscribe(channel.Key);
        }
    }

    private async Task<CaptionChannel> AddAsync(ChannelKey key, StoredChannel stored)
    {
        var channel = _channels.GetOrAdd(key, _ => New(key, stored));
        await FollowAsync(channel);
        return channel;
    }

    private CaptionChannel New(ChannelKey key, StoredChannel? stored) => new(
        key,
        stored?.Producer.View ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)),
        stored?.Log ?? CaptionLog.Empty,
        options.Value,
        time)
    {
        Last = stored?.Producer,
    };

    private void Hear(CaptionChannel channel, byte[] json)
    {
        if (channel.Producer is not null || JsonSerializer.Deserialize(json, CaptionJson.Readable.CaptionEvent) is not { } change)
        {
            return;
        }

        // A message may be lost: then what is in Redis makes up for it.
        var log = channel.Log;
        var isNext = change.Type == CaptionEventTypes.Started
            || (change.Run == log.Run && (change.Type == CaptionEventTypes.Caption ? change.Id <= log.LastId + 1 : change.LastId <= log.LastId));
        if (isNext)
        {
            channel.Publish(change, SharedEvent.Of(change, json));
        }
        else
        {
            _ = ReloadAsync(channel);
        }
    }

    private static bool IsToken(CaptionChannel channel, string viewToken) => CryptographicOperations.FixedTimeEquals(
        System.Text.Encoding.UTF8.GetBytes(channel.ViewToken), System.Text.Encoding.UTF8.GetBytes(viewToken));
}
