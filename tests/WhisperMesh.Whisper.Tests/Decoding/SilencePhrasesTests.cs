using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class SilencePhrasesTests
{
    [Fact]
    public void All_Phrases_AreFoundHoweverTheyArePunctuated()
    {
        SilencePhrases.All.Count().ShouldBeGreaterThan(100);
        foreach (var phrase in SilencePhrases.All)
        {
            SilencePhrases.Find(phrase).ShouldNotBeNull(phrase);
            SilencePhrases.Find($" {phrase.ToUpperInvariant()}...").ShouldNotBeNull(phrase);
        }
    }

    [Theory]
    [InlineData(" ¡Suscríbete!", SilencePhrase.Spoken)]
    [InlineData(" Продолжение следует...", SilencePhrase.Credit)]
    [InlineData("ご視聴ありがとうございました。", SilencePhrase.Spoken)]
    [InlineData(" ...", SilencePhrase.Spoken)]
    [InlineData(" СПОКОЙНАЯ МУЗЫКА", SilencePhrase.Credit)]
    [InlineData(" you", SilencePhrase.Spoken)]
    [InlineData(" Sous-titres réalisés par la communauté d'Amara.org", SilencePhrase.Credit)]
    internal void Find_AsTheModelWritesIt_TellsItsKind(string text, SilencePhrase kind) => SilencePhrases.Find(text).ShouldBe(kind);

    [Theory]
    [InlineData(" Thank you, Mr. Smith.")]
    [InlineData(" I said thank you.")]
    public void Find_PartOrMoreThanAPhrase_IsNone(string text) => SilencePhrases.Find(text).ShouldBeNull();

    [Fact]
    public void Find_Recordings_AreNone() => Repository.Recordings.ShouldAllBe(recording => SilencePhrases.Find(recording.Text) == null);
}
