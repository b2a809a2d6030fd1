using WhisperMesh.Router.Http;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Sends a transcript as server-sent events while it is made.</summary>
internal sealed class TranscriptEventStream : IRelaySink<StreamTranscribeResponse>
{
    private readonly HttpResponse _response;
    private readonly ServerSentEvents _events;
    private readonly ResumingTranscript _transcript;
    private readonly System.Text.StringBuilder _text = new();

    public TranscriptEventStream(HttpResponse response, ServerSentEvents events)
    {
        (_response, _events) = (response, events);
        _transcript = new ResumingTranscript(SendAsync);
    }

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        // Also of a second try: as long as nothing is sent, the headers can still name the worker that serves.
        if (message.Started is { } started)
        {
            RouteHeaders.SetRoute(_response, started.WorkerId, started.Model);
        }

        return _transcript.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart() => _transcript.TryRestart();

    private async ValueTask SendAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Segment:
                var delta = TranscriptText.Delta(message.Segment, first: _text.Length == 0);
                _text.Append(delta);
                await _events.SendAsync(TranscriptDelta.Of(delta), ApiJson.Readable.TranscriptDelta, cancellationToken);
                break;
            case StreamTranscribeResponse.EventOneofCase.Progress when _events.Started:
                // Proxies close a stream that says nothing for a minute.
                await _events.KeepAliveAsync(cancellationToken);
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                var done = TranscriptDone.Of(_text.ToString(), TranscriptUsage.Of(message.Summary));
                await _events.SendAsync(done, ApiJson.Readable.TranscriptDone, cancellationToken);
                break;
        }
    }
}
