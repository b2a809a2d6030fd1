using WhisperMesh.Testing;

namespace WhisperMesh.Whisper.Tests.Transcribing;

public sealed class SearchChoiceTests(ModelFixture fixture)
{
    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-sorry")]
    [InlineData("es-vm-marked-urgent")]
    public async Task TranscribeAsync_BeamsOrSamples_GiveSensibleTextAgain(string name)
    {
        using var model = WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions());
        var transcriber = new Transcriber(model, fixture.Vad);
        var recording = Repository.Named(name);
        var samples = recording.Samples();
        var greedy = new TranscriptionRequest { Language = recording.Language, Class = RequestClass.Interactive };
        var most = WordErrorRate.Errors(recording.Text, await transcriber.TextAsync(samples, greedy)) + 2;

        foreach (var request in (TranscriptionRequest[])[greedy with { BeamSize = 5 }, greedy with { Temperature = 0.4f, BestOf = 5, Seed = 3 }])
        {
            var text = await transcriber.TextAsync(samples, request);

            WordErrorRate.Errors(recording.Text, text).ShouldBeLessThanOrEqualTo(most, text);
            (await transcriber.TextAsync(samples, request)).ShouldBe(text);
            model.Statistics.BytesInUse.ShouldBe(0);
        }
    }
}
