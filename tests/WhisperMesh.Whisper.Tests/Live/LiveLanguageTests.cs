using WhisperMesh.Testing;
using WhisperMesh.Whisper.Live;
using WhisperMesh.Whisper.Tests.Transcribing;

namespace WhisperMesh.Whisper.Tests.Live;

public sealed class LiveLanguageTests(ModelFixture fixture)
{
    [Theory]
    [InlineData("en-sorry", "es-vm-marked-urgent", "es-both_help", "es-conf-onlyperson")]
    [InlineData("en-sorry", "es-conf-onlyperson", "es-ss-noservice", "es-vm-marked-urgent")]
    public async Task ReadAsync_AnotherLanguageForSeveralUtterances_SwitchesOnceItIsSure(params string[] names)
    {
        var talk = Splice.Of(names.Select(Repository.Named), pause: 24_000);

        var run = await LiveRun.OfAsync(fixture, LiveRun.ByAudio with { Request = new TranscriptionRequest { AllowedLanguages = ["en", "es"] } }, talk.Samples);

        var finals = run.Finals.Where(final => final.Segment.Text.Length > 0).ToList();
        finals[0].Segment.Language.ShouldBe("en");
        finals[0].Checkpoint.Language.ShouldBe("en");
        finals[^1].Segment.Language.ShouldBe("es");
        finals[^1].Checkpoint.Language.ShouldBe("es");
        // What made it sure is told in the new language, none of it translated before.
        var switched = finals.FindIndex(final => final.Checkpoint.Language == "es");
        var (said, told) = (Repository.Named(names[switched]).Text, finals[switched].Segment.Text);
        WordErrorRate.Errors(said, told).ShouldBeLessThan(WordErrorRate.Words(said).Length / 2, told);
        run.Completed.Language.ShouldBe("en", "it was heard first");
    }

    [Fact]
    public void Hear_OneUtteranceOfAnother_KeepsTheLanguage()
    {
        var language = new LiveLanguage(new TranscriptionRequest(), checkpoint: null);

        language.Hear(Pass("en", 0.4)).ShouldBeFalse();
        language.Current.ShouldBeNull("too little voice to tell");
        language.Hear(Pass("en", 1.2)).ShouldBeFalse();
        language.Held.ShouldBe("en");
        language.BeginUtterance();
        // Passes over one utterance are one witness.
        language.Hear(Pass("es", 5)).ShouldBeFalse();
        language.Hear(Pass("es", 6)).ShouldBeFalse();
        language.EndUtterance(Pass("es", 7)).ShouldBeFalse();
        language.BeginUtterance();
        language.EndUtterance(Pass("en", 2)).ShouldBeFalse();
        language.Current.ShouldBe("en");
    }

    [Fact]
    public void Hear_TwoUtterancesOfAnother_Switches()
    {
        var language = new LiveLanguage(new TranscriptionRequest(), LiveCheckpoint.Start with { Language = "en" });

        language.EndUtterance(Pass("es", 2)).ShouldBeFalse();
        language.Doubt.ShouldBe(new LanguageDoubt("es", 1));
        // As after a break: the doubt is not lost.
        language = new LiveLanguage(new TranscriptionRequest(), LiveCheckpoint.Start with { Language = "en", Doubt = language.Doubt });
        language.Hear(Pass("es", 5.5)).ShouldBeTrue();

        language.Doubt.ShouldBeNull();
        (language.Current, language.Held, language.First).ShouldBe(("es", "es", "en"));
    }

    [Fact]
    public void Hear_LanguageGiven_IsNotDoubted()
    {
        var language = new LiveLanguage(new TranscriptionRequest { Language = "en" }, checkpoint: null);

        language.Hear(Pass("es", 5)).ShouldBeFalse();
        language.EndUtterance(Pass("es", 7)).ShouldBeFalse();

        (language.Current, language.Held).ShouldBe(("en", null));
    }

    private static Hypothesis Pass(string language, double seconds) => new()
    {
        Words = Words.Of("a word"),
        End = (long)(seconds * 16_000),
        Language = language,
        Heard = [new LanguageProbability(language, 0.95f), new LanguageProbability(language == "en" ? "es" : "en", 0.05f)],
        Voice = TimeSpan.FromSeconds(seconds),
        NoSpeechProbability = 0,
        Temperature = 0,
        IsDoubtful = false,
    };
}
