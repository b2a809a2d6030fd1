using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class CarryContextTests(ModelFixture fixture)
{
    [Fact]
    public async Task TranscribeAsync_CarriedContext_TakesWindowAfterWindow()
    {
        using var model = WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions());
        var transcriber = new Transcriber(model, fixture.Vad);

        await transcriber.TextAsync(English().Samples, new TranscriptionRequest { Language = "en", CarryContext = true });

        // One row in each step: no window began before the one ahead of it was over.
        model.Statistics.Rows.ShouldBe(model.Statistics.Steps);
        model.Statistics.Windows.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task TranscribeAsync_CarriedContext_HearsAsWell()
    {
        var transcriber = new Transcriber(fixture.Model, fixture.Vad);
        var spliced = English();
        var expected = string.Join(' ', spliced.Recordings.Select(r => r.Text));

        var carried = await transcriber.TextAsync(spliced.Samples, new TranscriptionRequest { Language = "en", CarryContext = true });

        var plain = await transcriber.TextAsync(spliced.Samples, new TranscriptionRequest { Language = "en" });
        WordErrorRate.Errors(expected, carried).ShouldBeLessThanOrEqualTo(WordErrorRate.Errors(expected, plain), carried);
    }

    private static Splice English() => Splice.Of(Repository.Recordings.Where(r => r.Language == "en"), 16_000);
}
