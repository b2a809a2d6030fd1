using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>Sends a channel's events to a viewer until the captions end, the viewer goes, or the router stops.</summary>
internal sealed class ViewerLoop(
    IOptions<CaptionOptions> options, DrainState drain, TimeProvider time, CaptionMetrics metrics, ILogger<ViewerLoop> logger)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly CaptionOptions _options = options.Value;
    private int _count;

    /// <summary>Viewers that are connected.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place for a viewer, before anything is sent.</summary>
    /// <exception cref="MeshException">There is none.</exception>
    public IDisposable Enter()
    {
        if (Interlocked.Increment(ref _count) > _options.MaxViewers)
        {
            Interlocked.Decrement(ref _count);
            throw MeshException.ResourceExhausted(
                "TOO_MANY_VIEWERS", "This router has as many viewers as it may. Try again soon.", RouterErrors.RetryAfter);
        }

        return new Place(this);
    }

    /// <returns>False when the viewer was given up because a message did not reach it in time.</returns>
    public async Task<bool> RunAsync(CaptionChannel channel, IViewerSink sink, ViewerPlace? place, int history, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Draining);
        var viewer = new Viewer(_options.ViewerQueue);
        try
        {
            await SendAllAsync(channel, viewer, new TimedSink(sink, _options.ViewerTimeout, time), place, history, end.Token);
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return true;
        }
        catch (TimeoutException)
        {
            CaptionLogging.ViewerStuck(logger, channel.Key.Name);
            return false;
        }
        finally
        {
            channel.Leave(viewer);
        }
    }

    private async Task SendAllAsync(
        CaptionChannel channel, Viewer viewer, TimedSink sink, ViewerPlace? place, int history, CancellationToken cancellationToken)
    {
        foreach (var message in channel.Join(viewer, place, history))
        {
            await sink.SendAsync(message, cancellationToken);
            place = ViewerPlace.Parse(message.Id) ?? place;
        }

        while (true)
        {
            if (viewer.IsLost)
            {
                metrics.OnSkipped();
                foreach (var message in channel.JoinPresent(viewer, place, history))
                {
                    await sink.SendAsync(message, cancellationToken);
                    place = ViewerPlace.Parse(message.Id) ?? place;
                }
            }
            else if (viewer.TryTake() is { } next)
            {
                await sink.SendAsync(next, cancellationToken);
                place = ViewerPlace.Parse(next.Id) ?? place;
            }
            else if (channel.Log.HasEnded && !viewer.HasMore)
            {
                return;
            }
            else if (!await viewer.WaitAsync(KeepAlive, time, cancellationToken))
            {
                await sink.KeepAliveAsync(cancellationToken);
            }
        }
    }

    private sealed class Place(ViewerLoop loop) : IDisposable
    {
        private ViewerLoop? _loop = loop;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _loop, null) is { } left)
            {
                Interlocked.Decrement(ref left._count);
            }
        }
    }

    private sealed class TimedSink(IViewerSink sink, TimeSpan timeout, TimeProvider time)
    {
        public Task SendAsync(SharedEvent message, CancellationToken cancellationToken) => Timed(sink.SendAsync(message, cancellationToken), cancellationToken);

        public Task KeepAliveAsync(CancellationToken cancellationToken) => Timed(sink.KeepAliveAsync(cancellationToken), cancellationToken);

        // Most messages are taken at once: no timer for those.
        private Task Timed(Task sending, CancellationToken cancellationToken) =>
            sending.IsCompleted ? sending : sending.WaitAsync(timeout, time, cancellationToken);
    }
}
