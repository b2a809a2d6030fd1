using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Gathers a whole transcript. Nothing reaches the client before the end, so every try may start afresh.</summary>
internal sealed class TranscriptCollector(TranscriptionConfig config) : IRelaySink<StreamTranscribeResponse>
{
    private readonly List<TranscriptSegment> _segments = [];
    private TranscriptionSummary? _summary;

    public ValueTask AcceptAsync(StreamTranscribeResponse message, CancellationToken cancellationToken)
    {
        if (message.Segment is { } segment)
        {
            _segments.Add(segment);
        }

        _summary = message.Summary ?? _summary;
        return ValueTask.CompletedTask;
    }

    public bool TryRestart()
    {
        _segments.Clear();
        return true;
    }

    public Transcript ToTranscript() => new()
    {
        Translated = config.Task == TranscriptionTask.Translate,
        WithLogprobs = config.TokenDetails,
        Segments = config.ChannelMode == ChannelMode.Separate ? InOrder() : _segments,
        Summary = _summary ?? throw new InvalidOperationException("The transcription has not ended."),
    };

    // Workers keep the order within each channel only.
    private List<TranscriptSegment> InOrder()
    {
        var ordered = _segments.OrderBy(segment => segment.StartOffset?.ToTimeSpan()).ToList();
        for (var i = 0; i < ordered.Count; i++)
        {
            ordered[i].Index = i;
        }

        return ordered;
    }
}
