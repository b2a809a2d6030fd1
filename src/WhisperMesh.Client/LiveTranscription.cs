using System.Diagnostics;
using System.Runtime.CompilerServices;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>
/// A live stream: audio goes in by <see cref="SendAsync"/>, events come out of <see cref="ReadAsync"/>, side by side. A connection that
/// breaks is made again, to the same router or another, and the stream goes on where it was: no audio is lost or told twice. Events must
/// be read, since what they acknowledge makes room for what is sent. One sends, one reads.
/// </summary>
public sealed class LiveTranscription : IAsyncDisposable
{
    private readonly LiveResumption _resumption;
    private readonly LiveTail _tail;
    private readonly LiveMemory _memory;
    private readonly LiveTiming _timing;
    private readonly Activity? _activity;
    private readonly StreamLiveResponse _first;
    private readonly CancellationTokenSource _ending = new();
    private LiveCall _call;
    private bool _read;

    private LiveTranscription(LiveCall call, LiveResumption resumption, LiveTail tail, LiveMemory memory, LiveTiming timing, Activity? activity)
    {
        (_call, _resumption, _tail, _memory, _timing, _activity) = (call, resumption, tail, memory, timing, activity);
        _first = memory.Begin(call.Started);
        call.SendFrom(tail, call.Started.Started.Position);
    }

    /// <summary>What the stream began with: its id, its worker and model, warnings.</summary>
    public LiveStarted Started => _first.Started;

    /// <summary>
    /// Sends the next samples, of any number of bytes; they are copied. Waits while more than <see cref="LiveOptions.Tail"/> waits to be
    /// acknowledged.
    /// </summary>
    /// <exception cref="WhisperMeshException">The stream has failed.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> audio, CancellationToken cancellationToken = default) =>
        _tail.AppendAsync(audio, cancellationToken);

    /// <summary>Ends the utterance at the audio sent so far: all of it is committed.</summary>
    public void Commit() => _tail.Mark(new StreamLiveRequest { Commit = new LiveCommit() });

    /// <summary>Drops the audio sent so far that has given no committed word.</summary>
    public void Clear() => _tail.Mark(new StreamLiveRequest { Clear = new LiveClear() });

    /// <summary>The audio is over: the rest is committed, and the summary follows.</summary>
    public void Complete() => _tail.Complete();

    /// <summary>
    /// The events, from <c>started</c> to the summary; read once. They are numbered from 1 without a gap, and none comes twice, however
    /// often the connection broke; a status says when it did. Ending the enumeration early, or cancelling, ends the stream.
    /// </summary>
    /// <exception cref="WhisperMeshException">The mesh failed for good, or the stream could not be resumed.</exception>
    public async IAsyncEnumerable<StreamLiveResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _read, true))
        {
            throw new InvalidOperationException("The events of a live stream are read once.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        try
        {
            yield return _first;
            while (true)
            {
                var (message, failure) = await _call.NextAsync(_timing.Silence, ending.Token).ConfigureAwait(false);
                if (failure is not null)
                {
                    ending.Token.ThrowIfCancellationRequested();
                    if (failure.MayGoOnElsewhere)
                    {
                        yield return _memory.Say(Broken(failure));
                    }

                    yield return await ResumeAsync(failure, ending.Token).ConfigureAwait(false);
                    continue;
                }

                if (_memory.Accept(message!) is not { } news)
                {
                    continue;
                }

                _resumption.Note(news);
                _tail.ForgetTo(_memory.Forgettable);
                yield return news;
                if (news.EventCase == StreamLiveResponse.EventOneofCase.Summary)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the stream, whatever is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _tail.Fail(new InvalidOperationException("The live stream is over."));
        await _call.DisposeAsync().ConfigureAwait(false);
        _activity?.Dispose();
    }

    /// <summary>Whether it has ended or failed, so that nothing can be sent any more.</summary>
    internal bool IsOver => _tail.HasFailed;

    internal static async Task<LiveTranscription> OpenAsync(
        IReadOnlyList<LiveEndpoint> endpoints, LiveOptions options, LiveTiming timing, CancellationToken cancellationToken)
    {
        var rate = LiveByteRate.Of(options.AudioFormat);
        var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientLive);
        var resumption = new LiveResumption(endpoints, options, timing, activity);
        try
        {
            var call = await resumption.BeginAsync(cancellationToken).ConfigureAwait(false);
            return new LiveTranscription(call, resumption, new LiveTail(rate.ToBytes(options.Tail)), new LiveMemory(rate), timing, activity);
        }
        catch (Exception exception)
        {
            if (exception is WhisperMeshException failure)
            {
                ClientTelemetry.Fail(activity, failure);
            }

            activity?.Dispose();
            throw;
        }
    }

    private string Broken(WhisperMeshException failure) =>
        $"The connection to {_call.Address.GetLeftPart(UriPartial.Authority)} broke off, and is made again: {failure.Message}";

    /// <summary>Goes on with the stream, or throws what is to be thrown.</summary>
    private async Task<StreamLiveResponse> ResumeAsync(WhisperMeshException broken, CancellationToken cancellationToken)
    {
        try
        {
            await _call.DisposeAsync().ConfigureAwait(false);
            _call = await _resumption.GoOnAsync(broken, _memory, _tail, cancellationToken).ConfigureAwait(false);
        }
        catch (WhisperMeshException failure)
        {
            ClientTelemetry.Fail(_activity, failure);
            _tail.Fail(failure);
            throw;
        }

        var started = _call.Started.Started;
        var place = _memory.GoOn(started) ? "at a router that had not seen it" : "where it was";
        _call.SendFrom(_tail, started.Position);
        return _memory.Say(
            $"{string.Join(' ', [$"Connected to {_call.Address.GetLeftPart(UriPartial.Authority)}: the stream goes on {place}.", .. started.Warnings])}",
            started.WorkerId);
    }
}
