using WhisperMesh.Whisper.Tests.Transcribing;

namespace WhisperMesh.Whisper.Tests;

/// <summary>Every recording transcribed once, with its language given and its words placed, for all tests that look at results.</summary>
internal sealed class DecodedRecordings(ModelFixture fixture)
{
    private readonly Lazy<Task<IReadOnlyList<Decoded>>> _all = new(() => DecodeAsync(fixture));

    public Task<IReadOnlyList<Decoded>> AllAsync() => _all.Value;

    private static async Task<IReadOnlyList<Decoded>> DecodeAsync(ModelFixture fixture)
    {
        var transcriber = new Transcriber(fixture.Model, fixture.Vad);
        var decoded = new List<Decoded>();
        foreach (var recording in Repository.Recordings)
        {
            var request = new TranscriptionRequest { Language = recording.Language, WordTimestamps = true };
            var events = await transcriber.TranscribeAsync(Transcripts.Blocks(recording.Samples()), request)
                .ToListAsync(CancellationToken.None);
            decoded.Add(new Decoded(recording, events));
        }
        return decoded;
    }
}

internal sealed record Decoded(Recording Recording, IReadOnlyList<TranscriptionEvent> Events)
{
    public string Text => Transcripts.Text(Events);

    public IEnumerable<TranscriptSegment> Segments => Transcripts.Segments(Events);
}
