using System.Diagnostics;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>One connection of a live stream: from the configuration until it ends or breaks.</summary>
internal sealed class LiveCall : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly AsyncDuplexStreamingCall<StreamLiveRequest, StreamLiveResponse> _call;
    private readonly LiveEndpoint _endpoint;
    private readonly LiveTiming _timing;
    private Task _sending = Task.CompletedTask;
    private bool _disposed;

    private LiveCall(LiveEndpoint endpoint, LiveTiming timing)
    {
        (_endpoint, _timing) = (endpoint, timing);
        _call = endpoint.Client.StreamLive(cancellationToken: _ending.Token);
    }

    internal Uri Address => _endpoint.Address;

    /// <summary>The event <c>started</c> that it began with.</summary>
    internal StreamLiveResponse Started { get; private set; } = null!;

    /// <summary>Asks for a stream and waits until a worker has it.</summary>
    /// <param name="endpoint">Whom to ask.</param>
    /// <param name="config">What for.</param>
    /// <param name="timing">Time and its bounds.</param>
    /// <param name="bound">How long to wait.</param>
    /// <param name="activity">The span that it is part of.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="WhisperMeshException">It was refused, or nobody answered.</exception>
    internal static async Task<LiveCall> OpenAsync(
        LiveEndpoint endpoint, LiveConfig config, LiveTiming timing, TimeSpan bound, Activity? activity, CancellationToken cancellationToken)
    {
        Activity.Current = activity ?? Activity.Current;
        var call = new LiveCall(endpoint, timing);
        try
        {
            var (message, failure) = await call.StartAsync(config, bound, cancellationToken).ConfigureAwait(false);
            call.Started = message is { EventCase: StreamLiveResponse.EventOneofCase.Started }
                ? message
                : throw failure ?? WhisperMeshException.Broken("The mesh began the live stream with something other than 'started'.");
            return call;
        }
        catch
        {
            await call.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends what the tail has from a place on, and what comes into it, to its end.</summary>
    internal void SendFrom(LiveTail tail, long position) => _sending = SendAsync(tail, position);

    /// <summary>The next event, or why there is none.</summary>
    internal async Task<(StreamLiveResponse? Message, WhisperMeshException? Failure)> NextAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var next = _call.ResponseStream.MoveNext(CancellationToken.None);
        try
        {
            return await next.WaitAsync(bound, _timing.Time, cancellationToken).ConfigureAwait(false)
                ? (_call.ResponseStream.Current, null)
                : (null, WhisperMeshException.Lost($"{Authority} ended the live stream without its summary."));
        }
        catch (RpcException exception)
        {
            return (null, WhisperMeshException.From(exception, _endpoint.Address));
        }
        catch (TimeoutException)
        {
            return (null, WhisperMeshException.Lost($"{Authority} gave no sign of life for {bound.TotalSeconds:0.#} s."));
        }
        finally
        {
            // Left behind, it fails once the call is disposed; nobody else will look at that.
            _ = next.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _call.Dispose();
        _ending.Dispose();
    }

    private string Authority => _endpoint.Address.GetLeftPart(UriPartial.Authority);

    private async Task<(StreamLiveResponse? Message, WhisperMeshException? Failure)> StartAsync(
        LiveConfig config, TimeSpan bound, CancellationToken cancellationToken)
    {
        // The status of the call says it better than a write that fails.
        var sending = WriteAsync(new StreamLiveRequest { Config = config });
        var answer = await NextAsync(bound, cancellationToken).ConfigureAwait(false);
        if (answer.Message is not null)
        {
            await sending.ConfigureAwait(false);
        }

        return answer;
    }

    private async Task SendAsync(LiveTail tail, long position)
    {
        var item = tail.Before(position);
        try
        {
            while (await tail.NextAsync(item, _ending.Token).ConfigureAwait(false) is { } next)
            {
                item = next;
                if (!await WriteAsync(next.From(position)).ConfigureAwait(false))
                {
                    return;
                }
            }

            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOver(exception))
        {
            // Whoever reads the events learns why.
        }
    }

    /// <summary>False when the call is over already: whoever reads the events learns why.</summary>
    private async Task<bool> WriteAsync(StreamLiveRequest message)
    {
        try
        {
            await _call.RequestStream.WriteAsync(message, _ending.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (IsOver(exception))
        {
            return false;
        }
    }

    private static bool IsOver(Exception exception) => exception
        is RpcException or InvalidOperationException or OperationCanceledException or IOException or HttpRequestException;
}
