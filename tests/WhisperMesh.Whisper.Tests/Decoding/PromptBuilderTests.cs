using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class PromptBuilderTests(ModelFixture fixture)
{
    private readonly WhisperModel _model = fixture.Model;

    [Fact]
    public void Build_NoPrompt_NamesLanguageAndTask()
    {
        var (tokens, start) = new PromptBuilder(_model, new TranscriptionRequest { Translate = true }).Build("fr");

        tokens.ShouldBe([_model.Control.StartOfTranscript, _model.Control.Languages["fr"], _model.Control.Translate]);
        start.ShouldBe(0);
    }

    [Fact]
    public void Build_LongPrompt_KeepsItsEndWithinHalfOfThePositions()
    {
        var prompt = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"word{i}")) + " the very end";

        var (tokens, start) = new PromptBuilder(_model, new TranscriptionRequest { Prompt = prompt }).Build("en");

        start.ShouldBe(224);
        tokens[0].ShouldBe(_model.Control.StartOfPrevious);
        tokens[start].ShouldBe(_model.Control.StartOfTranscript);
        _model.Tokenizer.Decode([.. tokens.Take(start)]).ShouldEndWith(" word1999 the very end");
    }
}
