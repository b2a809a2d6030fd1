using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>
/// Holds a result back until it is judged: the text may yet give way to another. That the work has begun, and how much audio has come,
/// is passed on, so that clients and proxies see that something happens.
/// </summary>
internal sealed class HeldTranscript(IRelaySink<StreamTranscribeResponse> sink, bool announce) : IRelaySink<StreamTranscribeResponse>
{
    private readonly List<TranscriptSegment> _segments = [];

    public IReadOnlyList<TranscriptSegment> Segments => _segments;

    public TranscriptionStarted? Started { get; private set; }

    public TranscriptionSummary? Summary { get; private set; }

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Started:
                Started = message.Started;
                return announce ? sink.AcceptAsync(message.Clone(), cancellationToken) : ValueTask.CompletedTask;
            case StreamTranscribeResponse.EventOneofCase.Segment:
                _segments.Add(message.Segment);
                return ValueTask.CompletedTask;
            case StreamTranscribeResponse.EventOneofCase.Progress:
                // No audio is done before its text is sent.
                var progress = new TranscriptionProgress { AudioReceived = message.Progress.AudioReceived, AudioProcessed = new Duration() };
                return sink.AcceptAsync(new StreamTranscribeResponse { Progress = progress }, cancellationToken);
            case StreamTranscribeResponse.EventOneofCase.Summary:
                Summary = message.Summary;
                return ValueTask.CompletedTask;
            default:
                return ValueTask.CompletedTask;
        }
    }

    /// <summary>Nothing of the text has been sent, so any try may start afresh.</summary>
    public bool TryRestart()
    {
        _segments.Clear();
        Summary = null;
        return true;
    }
}
