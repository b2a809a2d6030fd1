using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>Lets a result through as it comes and says at its end what of it is doubtful.</summary>
internal sealed class FlaggedTranscript(IRelaySink<StreamTranscribeResponse> sink, QualitySettings settings)
    : IRelaySink<StreamTranscribeResponse>
{
    // What the judgement needs of each segment.
    private readonly List<TranscriptSegment> _segments = [];

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        switch (message.EventCase)
        {
            case StreamTranscribeResponse.EventOneofCase.Segment:
                _segments.Add(Outline(message.Segment));
                break;
            case StreamTranscribeResponse.EventOneofCase.Summary:
                var quality = ResultQuality.Of(_segments, settings);
                if (quality.IsDoubtful)
                {
                    var route = message.Summary.Route?.Clone() ?? new RouteTaken();
                    route.Notes.Add(QualityNotes.Doubtful(quality));
                    message.Summary.Route = route;
                }

                break;
        }

        return sink.AcceptAsync(message, cancellationToken);
    }

    public bool TryRestart()
    {
        var restarts = sink.TryRestart();
        if (restarts)
        {
            _segments.Clear();
        }

        return restarts;
    }

    private static TranscriptSegment Outline(TranscriptSegment segment) => new()
    {
        SegmentDuration = segment.SegmentDuration,
        Verdict = segment.Verdict,
        Confidence = segment.Confidence,
        AverageLogProbability = segment.AverageLogProbability,
    };
}
