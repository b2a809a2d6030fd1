namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class LanguageTests(ModelFixture fixture)
{
    private readonly Transcriber _transcriber = new(fixture.Model, fixture.Vad);

    [Fact]
    public async Task TranscribeAsync_AllowedLanguages_ChoosesAmongThem()
    {
        var events = await _transcriber.EventsAsync(
            Repository.Named("it-sorry").Samples(), new TranscriptionRequest { AllowedLanguages = ["en", "fr"] });

        var detected = events.OfType<LanguageDetected>().ShouldHaveSingleItem();
        detected.Language.ShouldBeOneOf("en", "fr");
        detected.Probabilities.Select(p => p.Language).ShouldBe(["en", "fr"], ignoreOrder: true);
        detected.Probabilities.Sum(p => p.Probability).ShouldBe(1, 0.001);
    }

    [Fact]
    public async Task TranscribeAsync_SilenceFirst_DetectsOnTheFirstSpeechOnce()
    {
        var italian = Repository.Named("it-sorry").Samples();

        var events = await _transcriber.EventsAsync(
            [.. new float[10 * 16_000], .. italian, .. new float[32_000], .. italian], new TranscriptionRequest());

        events.OfType<LanguageDetected>().ShouldHaveSingleItem().Language.ShouldBe("it");
        var kinds = events.Where(e => e is LanguageDetected or SegmentRecognized).ToList();
        kinds[0].ShouldBeOfType<LanguageDetected>();
        kinds.Count.ShouldBeGreaterThan(2);
        Transcripts.Segments(events).First().Start.ShouldBeGreaterThan(TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task TranscribeAsync_DecodedAsAnotherLanguage_SaysSo()
    {
        var verdicts = new List<SegmentVerdict>();
        foreach (var recording in Repository.Recordings.Where(r => r.Language is "it" or "es" or "fr").Take(6))
        {
            var events = await _transcriber.EventsAsync(recording.Samples(), new TranscriptionRequest { Language = "ru" });
            verdicts.AddRange(Transcripts.Segments(events).Select(s => s.Verdict));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', verdicts));

        verdicts.ShouldContain(SegmentVerdict.LanguageMismatch);
    }
}
