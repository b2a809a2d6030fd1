using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class StoppingTests(ModelFixture fixture)
{
    [Fact]
    public void Decode_Cancelled_TakesNoFurtherStep()
    {
        using var run = new RunOptions();
        using var window = fixture.Encode(Repository.Named("en-sorry").Samples(), 1000);
        var decoder = new SequenceDecoder(fixture.Model.Decoder, fixture.Model.Control);
        var (prompt, start) = new PromptBuilder(fixture.Model, new TranscriptionRequest()).Build("en");
        var task = new DecodingTask(prompt, start, window.Positions, MaxTokens: 100);

        Should.Throw<OperationCanceledException>(() => decoder.Decode(window, task, run, new CancellationToken(canceled: true)));

        decoder.Position.ShouldBe(prompt.Count);
    }

    [Fact]
    public void Decode_RunTerminated_StopsWithinTheStep()
    {
        using var run = new RunOptions();
        using var window = fixture.Encode(Repository.Named("en-sorry").Samples(), 1000);
        var decoder = new SequenceDecoder(fixture.Model.Decoder, fixture.Model.Control);
        run.Terminate = true;

        Should.Throw<OnnxRuntimeException>(() => { decoder.Start(window, run); });

        decoder.Position.ShouldBe(0);
    }
}
