using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class LongAudioTests(ModelFixture fixture)
{
    [Theory]
    [InlineData(16_000)]
    [InlineData(1_000)]
    public async Task TranscribeAsync_RecordingsWithPauses_LosesNoWordsAtCuts(int pause)
    {
        var recordings = Repository.Recordings.Where(r => r.Language == "en").ToList();
        float[] samples = [.. recordings.SelectMany(r => r.Samples().Concat(new float[pause]))];
        var request = new TranscriptionRequest { Language = "en" };

        var events = await new Transcriber(fixture.Model, fixture.Vad).EventsAsync(samples, request);

        var completed = events[^1].ShouldBeOfType<Completed>();
        TestContext.Current.TestOutputHelper?.WriteLine(completed.ToString());
        TestContext.Current.TestOutputHelper?.WriteLine(Transcripts.Text(events));
        var reference = string.Join(' ', recordings.Select(r => r.Text));
        WordErrorRate.Errors(reference, Transcripts.Text(events)).ShouldBeLessThanOrEqualTo(12);
        var segments = Transcripts.Segments(events).ToList();
        segments.Zip(segments.Skip(1), (a, b) => a.Start + a.Duration <= b.Start).ShouldAllBe(ordered => ordered);
        (segments[^1].Start + segments[^1].Duration).ShouldBeLessThanOrEqualTo(completed.AudioDuration);
    }
}
