using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Sharing;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Captions.Channels;

/// <summary>
/// Looks after the channels: keeps names, tells viewers when nothing comes, writes to Redis what it lacks, and lets go of what is
/// old or too much.
/// </summary>
internal sealed class CaptionKeeper(
    CaptionBoard board,
    CaptionPublisher publisher,
    CaptionClaims claims,
    CaptionStore store,
    RedisLink link,
    IOptions<CaptionOptions> options,
    TimeProvider time,
    ILogger<CaptionKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    // Sessions give a sign of life every 5 s.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(12);

    // A session waits 30 s for its client; by now nobody comes back.
    private static readonly TimeSpan GivenUpTime = TimeSpan.FromSeconds(90);

    // For as long nobody has asked for a channel that others have too.
    private static readonly TimeSpan UnusedTime = TimeSpan.FromMinutes(1);

    // Let go at once, so that it is not each caption's turn.
    private const int ForgottenAtOnce = 100;

    private readonly CaptionOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        link.Restored += OnRestored;
        try
        {
            using var beat = new PeriodicTimer(Beat, time);
            while (await beat.WaitForNextTickAsync(stoppingToken))
            {
                await TryKeepAsync();
            }
        }
        finally
        {
            link.Restored -= OnRestored;
        }
    }

    internal async Task KeepAsync()
    {
        foreach (var run in publisher.Runs.Where(run => run.IsCurrent))
        {
            if (!await claims.RenewAsync(run.Key, run.SessionId))
            {
                CaptionLogging.Lost(logger, run.Key.Name, run.SessionId);
                board.GiveUp(run);
            }
        }

        foreach (var channel in board.Channels)
        {
            await KeepAsync(channel);
        }

        KeepBounds();
    }

    private async Task TryKeepAsync()
    {
        try
        {
            await KeepAsync();
        }
        catch (Exception e)
        {
            // The next beat tries again; captions themselves do not depend on it.
            CaptionLogging.KeepingFailed(logger, e);
        }
    }

    private async Task KeepAsync(CaptionChannel channel)
    {
        var last = channel.Producer?.Standing ?? channel.Last;
        if (channel.IsUnshared && last is not null && store.IsUp)
        {
            // Cleared first: what comes meanwhile is shared as it comes.
            channel.IsUnshared = false;
            channel.IsUnshared = !await store.RewriteAsync(channel.Key, channel.Log, last);
        }

        if (channel.Producer is { } producer)
        {
            if (channel.Idle > QuietTime && channel.Log.State == CaptionStates.Live)
            {
                producer.Remind();
            }

            return;
        }

        await board.FollowAsync(channel);
        if (!channel.Log.HasEnded)
        {
            await KeepOrphanAsync(channel);
        }
        else if (channel.ViewerCount == 0 && (channel.Idle > _options.Retention || (IsElsewhere(channel) && channel.Idle > UnusedTime)))
        {
            board.Drop(channel);
        }
    }

    private async Task KeepOrphanAsync(CaptionChannel channel)
    {
        if (channel.Idle > GivenUpTime && await store.IsOwnedAsync(channel.Key) == false && channel.Last is { } last)
        {
            CaptionLogging.Interrupted(logger, channel.Key.Name, last.Session);
            var log = channel.Log;
            var end = new CaptionEvent
            {
                Type = CaptionEventTypes.Ended,
                Run = log.Run,
                Id = log.LastId,
                LastId = log.LastId,
                Received = log.Received.TotalSeconds,
            };
            var message = channel.Publish(end);
            channel.Last = last with { State = CaptionStates.Ended, Open = [] };
            store.Share(channel.Key, end, message, channel.Last);
        }
        else if (channel.Idle > QuietTime && channel.Log.State == CaptionStates.Live)
        {
            var log = channel.Log;
            channel.Publish(new CaptionEvent
            {
                Type = CaptionEventTypes.Status,
                Run = log.Run,
                State = CaptionStates.Paused,
                LastId = log.LastId,
            });
        }
    }

    private bool IsElsewhere(CaptionChannel channel) => store.IsUp && !channel.IsUnshared;

    private void KeepBounds()
    {
        var kept = board.Channels.OrderByDescending(channel => channel.Idle).ToList();
        var bytes = kept.Sum(channel => channel.Log.Bytes);
        if (bytes > _options.MaxBytes)
        {
            CaptionLogging.Full(logger, _options.MaxBytes);
        }

        var count = kept.Count;
        foreach (var channel in kept.Where(channel => channel is { Producer: null, ViewerCount: 0 }))
        {
            if (count <= _options.MaxChannels && bytes <= _options.MaxBytes)
            {
                break;
            }

            (count, bytes) = (count - 1, bytes - channel.Log.Bytes);
            board.Drop(channel);
        }

        while (bytes > _options.MaxBytes && board.Channels.MaxBy(channel => channel.Log.Bytes) is { Log.Captions.Count: > 0 } largest)
        {
            var before = largest.Log.Bytes;
            largest.Forget(ForgottenAtOnce);
            bytes -= before - largest.Log.Bytes;
        }
    }

    // Redis may have forgotten everything.
    private void OnRestored()
    {
        foreach (var channel in board.Channels)
        {
            if (channel.Producer is not null || channel.IsUnshared)
            {
                channel.IsUnshared = true;
            }
            else
            {
                _ = board.ReloadAsync(channel);
            }
        }
    }
}
