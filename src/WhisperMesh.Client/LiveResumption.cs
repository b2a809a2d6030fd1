using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>
/// Connects a live stream, and connects it again: first to the router that it was at, which has kept it, then to the others in turn, with
/// waits that grow. Used by one at a time.
/// </summary>
internal sealed class LiveResumption(IReadOnlyList<LiveEndpoint> endpoints, LiveOptions options, LiveTiming timing, Activity? activity)
{
    // Connections that break before they told anything new share one bound, so that audio no router survives can't go on for ever.
    private static readonly TimeSpan Proven = TimeSpan.FromSeconds(10);

    private readonly LiveConfig _config = options.ToConfig();
    private int _endpoint;
    private int _attempts;
    private long? _brokenAt;
    private long _connectedAt;
    private bool _toldNews;

    /// <summary>Begins the stream at the first router that is there.</summary>
    internal async Task<LiveCall> BeginAsync(CancellationToken cancellationToken)
    {
        for (_endpoint = 0; ; _endpoint++)
        {
            try
            {
                return await ConnectAsync(_config, timing.Open, cancellationToken).ConfigureAwait(false);
            }
            catch (WhisperMeshException failure) when (failure.MayGoOnElsewhere && _endpoint < endpoints.Count - 1)
            {
                // The next may be there.
            }
        }
    }

    /// <summary>Takes note of what the caller is told.</summary>
    internal void Note(StreamLiveResponse news) =>
        _toldNews |= news.EventCase is not (StreamLiveResponse.EventOneofCase.Started or StreamLiveResponse.EventOneofCase.Status);

    /// <summary>Goes on with a stream that broke off.</summary>
    /// <exception cref="WhisperMeshException">It can't go on; the message says why.</exception>
    internal async Task<LiveCall> GoOnAsync(WhisperMeshException broken, LiveMemory memory, LiveTail tail, CancellationToken cancellationToken)
    {
        if (!broken.MayGoOnElsewhere)
        {
            throw broken;
        }

        NoteBreak(broken);
        var config = _config.Clone();
        config.Resume = memory.ToResume();
        config.RequestId = memory.RequestId;
        for (var failure = broken; ; _endpoint = (_endpoint + 1) % endpoints.Count)
        {
            await WaitAsync(failure, cancellationToken).ConfigureAwait(false);
            try
            {
                var call = await ConnectAsync(config, AttemptBound, cancellationToken).ConfigureAwait(false);
                return await WithWholeTailAsync(call, tail).ConfigureAwait(false);
            }
            catch (WhisperMeshException exception) when (exception.MayGoOnElsewhere || exception is { Status: StatusCode.ResourceExhausted, RetryAfter: not null })
            {
                failure = exception;
            }
            catch (WhisperMeshException exception) when (exception.Field == "request_id" && config.RequestId.Length > 0)
            {
                // A router that lost the stream earlier may still wait for it under this id; there it gets another.
                (config.RequestId, failure) = ("", exception);
            }
        }
    }

    private void NoteBreak(WhisperMeshException broken)
    {
        var wasGood = _toldNews || _brokenAt is null || timing.Time.GetElapsedTime(_connectedAt) > Proven;
        _toldNews = false;
        if (wasGood)
        {
            _attempts = 0;
            _brokenAt = timing.Time.GetTimestamp();
        }

        // A router whose connection just broke has kept the stream; one that says that it can't serve it is better left.
        if (!wasGood || broken is { Status: StatusCode.Unavailable, Reason: not null })
        {
            _endpoint = (_endpoint + 1) % endpoints.Count;
        }
    }

    private async Task<LiveCall> ConnectAsync(LiveConfig config, TimeSpan bound, CancellationToken cancellationToken)
    {
        var call = await LiveCall.OpenAsync(endpoints[_endpoint], config, timing, bound, activity, cancellationToken).ConfigureAwait(false);
        _connectedAt = timing.Time.GetTimestamp();
        return call;
    }

    /// <summary>Waits before the next attempt, longer from round to round; what a router asks for only when no other is there.</summary>
    private async Task WaitAsync(WhisperMeshException failure, CancellationToken cancellationToken)
    {
        var wait = timing.Backoff(_attempts++ / endpoints.Count);
        if (endpoints.Count == 1 && failure.RetryAfter is { } asked && asked > wait)
        {
            wait = asked;
        }

        if (Left <= wait)
        {
            throw failure.AsLost(string.Create(
                CultureInfo.InvariantCulture,
                $"The live stream broke off and could not be resumed within {options.ResumeTime.TotalSeconds} s: {failure.Message}"));
        }

        await Task.Delay(wait, timing.Time, cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan Left => options.ResumeTime - timing.Time.GetElapsedTime(_brokenAt ?? timing.Time.GetTimestamp());

    private TimeSpan AttemptBound => TimeSpan.FromMilliseconds(Math.Clamp(Left.TotalMilliseconds, 1, timing.Attempt.TotalMilliseconds));

    private async Task<LiveCall> WithWholeTailAsync(LiveCall call, LiveTail tail)
    {
        var position = call.Started.Started.Position;
        if (tail.Covers(position))
        {
            return call;
        }

        await call.DisposeAsync().ConfigureAwait(false);
        var rate = LiveByteRate.Of(options.AudioFormat);
        throw WhisperMeshException.Gap(string.Create(
            CultureInfo.InvariantCulture,
            $"The live stream cannot be resumed: the mesh needs the audio from {rate.ToTime(position).TotalSeconds:0.0} s, and the client keeps "
            + $"{rate.ToTime(tail.Start).TotalSeconds:0.0} s to {rate.ToTime(tail.End).TotalSeconds:0.0} s."));
    }
}
