using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class LongAudioTests(ModelFixture fixture)
{
    /// <summary>Alone, the recordings of these languages have 4, 5, 11, 9 and 8 errors.</summary>
    [Theory]
    [InlineData("en", 0, 14)]
    [InlineData("es", 16_000, 12)]
    [InlineData("fr", 16_000, 22)]
    [InlineData("it", 16_000, 18)]
    [InlineData("ru", 16_000, 18)]
    public async Task TranscribeAsync_SplicedRecordings_LosesNoWordsAtCuts(string language, int pause, int most)
    {
        var spliced = Splice.Of(Repository.Recordings.Where(r => r.Language == language), pause, tight: pause == 0);

        var events = await new Transcriber(fixture.Model, fixture.Vad)
            .EventsAsync(spliced.Samples, new TranscriptionRequest { Language = language });

        var completed = events[^1].ShouldBeOfType<Completed>();
        var errors = WordErrorRate.Errors(string.Join(' ', spliced.Recordings.Select(r => r.Text)), Transcripts.Text(events));
        TestContext.Current.TestOutputHelper?.WriteLine($"{language}: {errors} errors, {completed}\n{Transcripts.Text(events)}");
        errors.ShouldBeLessThanOrEqualTo(most);
        var segments = Transcripts.Segments(events).ToList();
        segments.Zip(segments.Skip(1), (a, b) => a.Start + a.Duration <= b.Start).ShouldAllBe(ordered => ordered);
        (segments[^1].Start + segments[^1].Duration).ShouldBeLessThanOrEqualTo(completed.AudioDuration);
    }
}
