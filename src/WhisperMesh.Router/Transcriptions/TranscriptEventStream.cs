using WhisperMesh.Router.Http;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Sends a transcript as server-sent events while it is made.</summary>
internal sealed class TranscriptEventStream : IRelaySink<StreamTranscribeResponse>
{
    private readonly ServerSentEvents _events;
    private readonly TimestampGranularities _granularities;
    private readonly ResumingTranscript _transcript;
    private readonly TranscriptText _joined = new();
    private readonly System.Text.StringBuilder _text = new();
    private readonly List<TokenLogprob>? _logprobs;
    private readonly List<TranscriptSegment> _languages = [];

    public TranscriptEventStream(ServerSentEvents events, bool withLogprobs, TimestampGranularities granularities)
    {
        (_events, _granularities) = (events, granularities);
        _logprobs = withLogprobs ? [] : null;
        _transcript = new ResumingTranscript(SendAsync);
    }

    public async ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        // Also of a second try: as long as nothing is sent, the headers can still name the worker that serves.
        if (message.Started is { } started)
        {
            await _events.PrepareAsync(response => RouteHeaders.SetRoute(response, started.Route), cancellationToken);
        }

        await _transcript.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => _transcript.TryRestart();

    private async ValueTask SendAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Segment:
                await _events.SendAsync(Add(message.Segment), ApiJson.Readable.TranscriptDelta, cancellationToken);
                if (_granularities != TimestampGranularities.None)
                {
                    var timed = TranscriptSegmentEvent.Of(message.Segment, _granularities);
                    await _events.SendAsync(timed, ApiJson.Readable.TranscriptSegmentEvent, cancellationToken);
                }

                break;
            case StreamTranscribeResponse.EventOneofCase.Progress when _events.Started:
                // Proxies close a stream that says nothing for a minute.
                await _events.KeepAliveAsync(cancellationToken);
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                var done = TranscriptDone.Of(
                    _text.ToString(), Transcript.LanguagesOf(_languages, message.Summary), _logprobs, message.Summary);
                await _events.SendAsync(done, ApiJson.Readable.TranscriptDone, cancellationToken);
                break;
        }
    }

    private TranscriptDelta Add(TranscriptSegment segment)
    {
        var delta = _joined.Next(segment);
        _text.Append(delta);
        if (_languages.All(known => known.LanguageCode != segment.LanguageCode))
        {
            _languages.Add(segment);
        }

        List<TokenLogprob>? logprobs = _logprobs is null ? null : [.. TokenLogprob.Of(segment)];
        _logprobs?.AddRange(logprobs!);
        return TranscriptDelta.Of(delta, logprobs);
    }
}
