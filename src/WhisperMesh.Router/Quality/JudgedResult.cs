using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Quality;

/// <summary>A whole result that is held back, and what it is worth.</summary>
internal sealed class JudgedResult
{
    private readonly IReadOnlyList<TranscriptSegment> _segments;
    private readonly TranscriptionSummary _summary;

    public JudgedResult(HeldTranscript held, ResultQuality quality)
        : this(held.Segments, held.Started, held.Summary ?? throw new InvalidOperationException("The transcription has not ended."), quality)
    {
    }

    private JudgedResult(
        IReadOnlyList<TranscriptSegment> segments, TranscriptionStarted? started, TranscriptionSummary summary, ResultQuality quality)
    {
        // Copies: `started` and `summary` may carry the same route.
        (_segments, Started, _summary, Quality) = (segments, started?.Clone(), summary.Clone(), quality);
        _summary.Route ??= new RouteTaken { WorkerId = summary.WorkerId, Model = summary.Model };
    }

    public ResultQuality Quality { get; }

    public TranscriptionStarted? Started { get; }

    public RouteTaken Route => _summary.Route;

    public string WorkerId => _summary.WorkerId;

    public TimeSpan AudioDuration => _summary.AudioDuration?.ToTimeSpan() ?? TimeSpan.Zero;

    public JudgedResult WithoutDoubtful(QualitySettings settings)
    {
        var kept = _segments.Where(segment => !Quality.Drops(segment, settings)).ToList();
        var result = new JudgedResult(kept, Started, _summary, Quality);
        result.Route.Notes.Add(QualityNotes.Dropped(_segments.Count - kept.Count, Quality));
        return result;
    }

    /// <summary>Sends it all, numbered anew.</summary>
    public async Task SendAsync(IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _segments.Count; i++)
        {
            _segments[i].Index = i;
            await sink.AcceptAsync(new StreamTranscribeResponse { Segment = _segments[i] }, cancellationToken);
        }

        _summary.SegmentCount = _segments.Count;
        var progress = new TranscriptionProgress { AudioReceived = _summary.AudioDuration, AudioProcessed = _summary.AudioDuration };
        await sink.AcceptAsync(new StreamTranscribeResponse { Progress = progress }, cancellationToken);
        await sink.AcceptAsync(new StreamTranscribeResponse { Summary = _summary }, cancellationToken);
    }
}
