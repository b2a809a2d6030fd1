using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// Tells the other processes, over Redis, which traces this one keeps, and hears of theirs, so that a trace is kept as a whole.
/// Without Redis each process goes by what it sees itself.
/// </summary>
internal sealed partial class KeptTraceNews(
    TraceBuffer buffer,
    IOptions<TelemetryOptions> options,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<KeptTraceNews> logger) : BackgroundService
{
    /// <summary>Carries the ids of traces, 16 bytes each, one after another.</summary>
    internal static readonly RedisChannel Channel = RedisChannel.Literal("whispermesh:traces:kept");

    private const int IdBytes = 16;
    private const int MaxIds = 64;

    // When everything fails at once, whoever is told of some of it knows enough.
    private const int MaxWaiting = 1024;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private readonly Channel<ActivityTraceId> _news = System.Threading.Channels.Channel.CreateBounded<ActivityTraceId>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Sampling.KeepsAll || services.GetService<RedisLink>() is not { IsConfigured: true } link)
        {
            return;
        }

        await SubscribeAsync((await link.WaitAsync(stoppingToken)).GetSubscriber(), stoppingToken);
        buffer.Kept += Tell;
        try
        {
            while (await _news.Reader.WaitToReadAsync(stoppingToken))
            {
                await PublishAsync(link);
                // What comes in a burst goes in few messages.
                await Task.Delay(Beat, timeProvider, stoppingToken);
            }
        }
        finally
        {
            buffer.Kept -= Tell;
        }
    }

    private void Tell(ActivityTraceId trace) => _news.Writer.TryWrite(trace);

    private async Task SubscribeAsync(ISubscriber subscriber, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // Kept over reconnects by the client itself.
                await subscriber.SubscribeAsync(Channel, (_, ids) => Learn((byte[]?)ids));
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                LogNotHeard(logger, exception.Message);
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
    }

    private async Task PublishAsync(RedisLink link)
    {
        var message = new byte[Math.Min(_news.Reader.Count, MaxIds) * IdBytes];
        for (var at = 0; at < message.Length && _news.Reader.TryRead(out var trace); at += IdBytes)
        {
            trace.CopyTo(message.AsSpan(at));
        }

        try
        {
            // While Redis is gone, the others keep what they see themselves.
            if (link.Connection is { } connection)
            {
                await connection.GetSubscriber().PublishAsync(Channel, message, CommandFlags.FireAndForget);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The link tells of a lost Redis, once.
        }
    }

    private void Learn(ReadOnlySpan<byte> ids)
    {
        if (ids.Length > MaxIds * IdBytes || ids.Length % IdBytes != 0)
        {
            return;
        }

        for (; ids.Length > 0; ids = ids[IdBytes..])
        {
            buffer.Keep(ActivityTraceId.CreateFromBytes(ids[..IdBytes]));
        }
    }

    [LoggerMessage(EventId = 290, Level = LogLevel.Warning, Message = "Not told of traces that others keep; trying again: {Reason}")]
    private static partial void LogNotHeard(ILogger logger, string reason);
}
