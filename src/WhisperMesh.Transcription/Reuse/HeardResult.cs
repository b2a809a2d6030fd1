using WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Reuse;

/// <summary>What was heard in some audio, without what belongs to the one request or the one file. Never changed.</summary>
/// <param name="Segments">The segments.</param>
/// <param name="Summary">The summary.</param>
internal sealed record HeardResult(IReadOnlyList<TranscriptSegment> Segments, TranscriptionSummary Summary)
{
    public long Bytes { get; } = Segments.Sum(segment => (long)segment.CalculateSize()) + Summary.CalculateSize();

    /// <param name="events">All events of a request that has ended well.</param>
    /// <param name="fileWarnings">How many of the summary's warnings, the last ones, are about the file.</param>
    public static HeardResult Of(IReadOnlyList<StreamTranscribeResponse> events, int fileWarnings)
    {
        var summary = events[^1].Summary.Clone();
        for (var i = 0; i < fileWarnings; i++)
        {
            summary.Warnings.RemoveAt(summary.Warnings.Count - 1);
        }

        summary.RequestId = "";
        summary.Attempt = 0;
        summary.ChannelCount = 0;
        summary.Timings = null;
        summary.Work = null;
        return new HeardResult([.. events.Select(message => message.Segment).OfType<TranscriptSegment>()], summary);
    }
}
