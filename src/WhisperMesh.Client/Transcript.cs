using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>A finished transcription.</summary>
/// <param name="Segments">What was said, in order of time.</param>
/// <param name="Summary">What the request came to.</param>
public sealed record Transcript(IReadOnlyList<TranscriptSegment> Segments, TranscriptionSummary Summary)
{
    /// <summary>How it was served: route, worker, model, and why; null of a mesh that does not say.</summary>
    public RouteTaken? Route => Summary.Route;

    /// <summary>What was approximated, left out or found odd. Plain sentences.</summary>
    public IReadOnlyList<string> Warnings => Summary.Warnings;

    /// <summary>The whole text in one line.</summary>
    public string Text => string.Join(' ', Segments.Select(segment => segment.Text.Trim()).Where(text => text.Length > 0));
}

/// <summary>Gathers the events of a transcription.</summary>
public static class TranscriptionEventExtensions
{
    /// <summary>Reads the events to their end.</summary>
    /// <param name="events">What <see cref="WhisperMeshClient.TranscribeAsync"/> gives.</param>
    /// <param name="progress">Told how far the work is, in the thread of the caller and before the next event.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WhisperMeshException">The mesh failed, or ended the stream without its summary.</exception>
    public static async Task<Transcript> ToTranscriptAsync(
        this IAsyncEnumerable<StreamTranscribeResponse> events,
        Action<TranscriptionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var segments = new List<TranscriptSegment>();
        TranscriptionSummary? summary = null;
        await foreach (var response in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (response.EventCase)
            {
                case StreamTranscribeResponse.EventOneofCase.Segment:
                    segments.Add(response.Segment);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Progress:
                    progress?.Invoke(response.Progress);
                    break;
                case StreamTranscribeResponse.EventOneofCase.Summary:
                    summary = response.Summary;
                    break;
            }
        }

        // Where channels are kept apart, the mesh keeps the order within each only.
        return new Transcript(
            [.. segments.OrderBy(segment => segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero)],
            summary ?? throw WhisperMeshException.Broken("The mesh ended the transcription without its summary."));
    }
}
