namespace WhisperMesh.Whisper.Tests.Transcribing;

internal static class Transcripts
{
    /// <summary>The samples as a decoder hands them out: in blocks.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<float>> Blocks(float[] samples, int size = 16_000)
    {
        for (var i = 0; i < samples.Length; i += size)
        {
            yield return samples.AsMemory(i, Math.Min(size, samples.Length - i));
        }
        await Task.CompletedTask;
    }

    public static async Task<List<TranscriptionEvent>> EventsAsync(
        this Transcriber transcriber, float[] samples, TranscriptionRequest request) =>
        await transcriber.TranscribeAsync(Blocks(samples), request, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    public static async Task<string> TextAsync(this Transcriber transcriber, float[] samples, TranscriptionRequest request) =>
        Text(await transcriber.EventsAsync(samples, request));

    public static string Text(IEnumerable<TranscriptionEvent> events) => string.Concat(Segments(events).Select(s => s.Text));

    public static IEnumerable<TranscriptSegment> Segments(IEnumerable<TranscriptionEvent> events) =>
        events.OfType<SegmentRecognized>().Select(e => e.Segment);
}
