using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class LanguageDetectorTests(ModelFixture fixture)
{
    private readonly float[] _logits = new float[fixture.Model.Decoder.Dimensions.Vocabulary];

    [Fact]
    public void Probabilities_SomeAllowed_ShareOneAmongThemLikeliestFirst()
    {
        Set("pt", 5);
        Set("es", 3);
        Set("it", 3 - MathF.Log(3));

        var found = LanguageDetector.Probabilities(_logits, fixture.Model.Control, ["it", "es"]);

        found.Select(language => language.Language).ShouldBe(["es", "it"]);
        found[0].Probability.ShouldBe(0.75f, 1e-4f);
        found[1].Probability.ShouldBe(0.25f, 1e-4f);
    }

    [Fact]
    public void Probabilities_NoneGiven_AreOfAllLanguages()
    {
        Set("pt", 90);

        var found = LanguageDetector.Probabilities(_logits, fixture.Model.Control, []);

        found.Count.ShouldBe(fixture.Model.Languages.Count);
        found[0].ShouldBe(new LanguageProbability("pt", 1));
    }

    private void Set(string language, float logit) => _logits[fixture.Model.Control.Languages[language]] = logit;
}
