using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class LanguageHoldTests
{
    [Fact]
    public void On_OneSureWindow_WaitsAndDoesNotSwitch()
    {
        var hold = Holding("en");

        Hear(hold, "es", 0.95f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "en", 0.95f).ShouldBe(LanguageDecision.Keep);
        Hear(hold, "es", 0.95f).ShouldBe(LanguageDecision.Wait);
        hold.Language.ShouldBe("en");
    }

    [Fact]
    public void On_AsManySureWindowsInARowAsAskedFor_Switches()
    {
        var hold = Holding("en", new LanguageSwitching { Windows = 3 });

        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "es", 0.8f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Switch);
        hold.Language.ShouldBe("es");
        Hear(hold, "en", 0.9f).ShouldBe(LanguageDecision.Wait);
    }

    [Fact]
    public void On_ADoubtfulWindowBetween_CountsFromTheStart()
    {
        var hold = Holding("en");

        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "es", 0.79f).ShouldBe(LanguageDecision.Keep);
        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Wait);
        hold.Language.ShouldBe("en");
    }

    [Fact]
    public void On_AThirdLanguage_LetsTheFirstWaitingGo()
    {
        var hold = Holding("en");

        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "fr", 0.9f).ShouldBe(LanguageDecision.WaitAnew);
        Hear(hold, "fr", 0.9f).ShouldBe(LanguageDecision.Switch);
        hold.Language.ShouldBe("fr");
    }

    [Fact]
    public void On_OneWindowAskedFor_SwitchesAtOnce() =>
        Hear(Holding("en", new LanguageSwitching { Windows = 1 }), "es", 0.9f).ShouldBe(LanguageDecision.Switch);

    [Fact]
    public void On_HigherProbabilityAskedFor_IsWaitedFor() =>
        Hear(Holding("en", new LanguageSwitching { Windows = 1, Probability = 0.95f }), "es", 0.9f).ShouldBe(LanguageDecision.Keep);

    [Fact]
    public void On_LanguageOutsideTheSet_IsNoChoiceAndLeavesItsShare()
    {
        var hold = Holding("en", allowed: ["en", "es"]);

        // Of the two, Spanish has nine tenths.
        hold.On([new("fr", 0.8f), new("es", 0.18f), new("en", 0.02f)], voicedSeconds: 3).ShouldBe(LanguageDecision.Wait);
        hold.On([new("fr", 0.8f), new("es", 0.18f), new("en", 0.02f)], voicedSeconds: 3).ShouldBe(LanguageDecision.Switch);
        hold.Language.ShouldBe("es");
    }

    [Fact]
    public void On_LittleVoice_SpeaksForNeither()
    {
        var hold = Holding("en");

        Hear(hold, "es", 0.99f, seconds: 0.5).ShouldBe(LanguageDecision.Keep);
        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "en", 0.99f, seconds: 0.5).ShouldBe(LanguageDecision.Wait);
        Hear(hold, "es", 0.9f).ShouldBe(LanguageDecision.Switch);
    }

    [Fact]
    public void On_NothingHeldYet_Keeps() =>
        Hear(new LanguageHold(new LanguageSwitching(), []), "es", 1).ShouldBe(LanguageDecision.Keep);

    private static LanguageHold Holding(string language, LanguageSwitching? switching = null, string[]? allowed = null)
    {
        var hold = new LanguageHold(switching ?? new LanguageSwitching(), allowed ?? []);
        hold.Begin(language);
        return hold;
    }

    private static LanguageDecision Hear(LanguageHold hold, string language, float probability, double seconds = 3) =>
        hold.On([new(language, probability), new("de", 1 - probability)], seconds);
}
