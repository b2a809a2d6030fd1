using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class PromptBuilderTests(ModelFixture fixture)
{
    private static readonly string LongPrompt =
        string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"word{i}")) + " the very end";

    private readonly WhisperModel _model = fixture.Model;

    [Fact]
    public void Build_NoPrompt_NamesLanguageAndTask()
    {
        var (tokens, start) = new PromptBuilder(_model, new TranscriptionRequest { Translate = true }).Build("fr");

        tokens.ShouldBe([_model.Control.StartOfTranscript, _model.Control.Languages["fr"], _model.Control.Translate]);
        start.ShouldBe(0);
    }

    [Fact]
    public void Build_LongPrompt_KeepsItsEndWithinHalfOfThePositions() =>
        Before(new TranscriptionRequest { Prompt = LongPrompt }, count: 224).ShouldEndWith(" word1999 the very end");

    [Fact]
    public void Build_Keywords_StandBeforeThePromptAsAList() =>
        Before(new TranscriptionRequest { Keywords = ["Digium", " Asterisk "], Prompt = "Hello." }).ShouldBe(" Digium, Asterisk. Hello.");

    [Fact]
    public void Build_CarriedText_FollowsThePrompt() =>
        Before(new TranscriptionRequest { Keywords = ["Digium"], Prompt = "Hello." }, " And so on.").ShouldBe(" Digium. Hello. And so on.");

    [Fact]
    public void Build_CarriedTextAndLongPrompt_CutsThePromptFirst()
    {
        var before = Before(new TranscriptionRequest { Keywords = ["Digium"], Prompt = LongPrompt }, " And so on.", 224);

        before.ShouldStartWith(" Digium.");
        before.ShouldEndWith(" the very end And so on.");
    }

    [Fact]
    public void Build_LongCarriedText_KeepsItsEndAndTheKeywords()
    {
        var before = Before(new TranscriptionRequest { Keywords = ["Digium"], Prompt = "Hello." }, LongPrompt, 224);

        before.ShouldStartWith(" Digium.");
        before.ShouldNotContain("Hello");
        before.ShouldEndWith(" the very end");
    }

    [Fact]
    public void Build_MoreKeywordsThanFit_KeepsTheFirstWholeAndHalfOfTheRoom()
    {
        string[] keywords = [.. Enumerable.Range(100, 100).Select(i => $"Kleinbuchstabierung{i}")];

        var (tokens, start) = new PromptBuilder(_model, new TranscriptionRequest { Keywords = keywords }).Build("en");

        start.ShouldBeInRange(90, 112);
        var kept = _model.Tokenizer.Decode([.. tokens.Take(start)]).Trim().TrimEnd('.').Split(", ");
        kept.ShouldBe(keywords[..kept.Length]);
    }

    [Theory]
    [InlineData("<|endoftext|>")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a>b")]
    [InlineData(" ")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Check_KeywordThatIsNone_IsRefused(string keyword) => Refused(new TranscriptionRequest { Keywords = ["fine", keyword] });

    [Fact]
    public void Check_TooManyKeywords_IsRefused() =>
        Refused(new TranscriptionRequest { Keywords = [.. Enumerable.Repeat("word", 101)] });

    [Fact]
    public void Check_ManyKeywords_IsFine() =>
        new TranscriptionRequest { Keywords = [.. Enumerable.Repeat("C++ & Çédille / 東京", 100)] }.Check(_model);

    private void Refused(TranscriptionRequest request)
    {
        var exception = Should.Throw<WhisperException>(() => request.Check(_model));
        exception.Reason.ShouldBe(WhisperErrorReason.FieldInvalid);
        exception.Field.ShouldBe(nameof(TranscriptionRequest.Keywords));
    }

    /// <summary>What stands before the transcript, without its mark.</summary>
    private string Before(TranscriptionRequest request, string carried = "", int? count = null)
    {
        var (tokens, start) = new PromptBuilder(_model, request).Build("en", _model.Tokenizer.Encode(carried));
        tokens[0].ShouldBe(_model.Control.StartOfPrevious);
        tokens[start].ShouldBe(_model.Control.StartOfTranscript);
        start.ShouldBe(count ?? start);
        return _model.Tokenizer.Decode([.. tokens.Take(start)]);
    }
}
