using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Alignment;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class WordSplitterTests(ModelFixture fixture)
{
    private readonly Tokenizer _tokenizer = fixture.Model.Tokenizer;

    [Theory]
    [InlineData("en", " I don't know, do you?", " I| don't| know,| do| you?")]
    [InlineData("en", " He said \"wait (a bit)\"...", " He| said| \"wait| (a| bit)\"...")]
    [InlineData("it", " e quella re-immessa", " e| quella| re-immessa")]
    [InlineData("fr", " Pourquoi ? Parce que !", " Pourquoi ?| Parce| que !")]
    [InlineData("en", " wait - what", " wait| - what")]
    [InlineData("ru", " Нажмите решётку.", " Нажмите| решётку.")]
    [InlineData("zh", "你好，世界。", "你好，|世界。")]
    [InlineData("en", " ...", " ...")]
    public void Split_Text_GivesItsWords(string language, string text, string words) =>
        string.Join('|', Split(text, language).Select(word => word.Text)).ShouldBe(words);

    [Fact]
    public void Split_Punctuation_TakesNoTime()
    {
        var word = Split(" (person),", "en").ShouldHaveSingleItem();

        word.CoreFirst.ShouldBe(1);
        word.CoreEnd.ShouldBe(word.End - 1);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public void Split_AnyText_LosesNoToken(string language) => Prop.ForAll<string?>(text =>
    {
        var plain = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
        var words = Split(plain, language);
        var count = _tokenizer.Encode(plain).Length;
        return string.Concat(words.Select(word => word.Text)) == plain
            && words.Zip(words.Skip(1)).All(pair => pair.First.End == pair.Second.First)
            && (words.Count == 0 ? count == 0 : words[0].First == 0 && words[^1].End == count)
            && words.All(word => word.First <= word.CoreFirst && word.CoreFirst <= word.CoreEnd && word.CoreEnd <= word.End);
    }).QuickCheckThrowOnFailure();

    private IReadOnlyList<TokenWord> Split(string text, string language) =>
        WordSplitter.Split(_tokenizer.Encode(text), language, _tokenizer);
}
