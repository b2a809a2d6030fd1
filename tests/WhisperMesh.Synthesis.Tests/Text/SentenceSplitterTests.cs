using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Tests.Text;

public sealed class SentenceSplitterTests
{
    [Theory]
    [InlineData("One. Two! Three?", "One.|Two!|Three?")]
    [InlineData("1, 2, 3", "1, 2, 3")]
    [InlineData("Dr. Smith met J. S. Bach. They spoke.", "Dr. Smith met J. S. Bach.|They spoke.")]
    [InlineData("It is 3.14 on www.example.org now.", "It is 3.14 on www.example.org now.")]
    [InlineData("Well... perhaps.", "Well... perhaps.")]
    [InlineData("\"Stop!\" he said. \"Why?\" She left.", "\"Stop!\" he said.|\"Why?\"|She left.")]
    [InlineData("First line\ngoes on.\n\nNext paragraph", "First line\ngoes on.|Next paragraph")]
    [InlineData("Buy:\n- milk\n- bread", "Buy:|- milk|- bread")]
    [InlineData("你好。再见！", "你好。|再见！")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public void Split_Text_CutsAtSentences(string text, string pieces) =>
        string.Join('|', SentenceSplitter.Split(text, 200).Select(piece => piece.Text)).ShouldBe(pieces);

    [Fact]
    public void Split_LongSentence_CutsAtClausesThenWords()
    {
        var pieces = SentenceSplitter.Split("A first part, then a second part that is longer.", 20).ToArray();

        pieces.Select(piece => piece.Text).ShouldBe(["A first part,", "then a second part", "that is longer."]);
        pieces.Select(piece => piece.End).ShouldBe([PieceEnd.Clause, PieceEnd.Cut, PieceEnd.Sentence]);
    }

    [Fact]
    public void Split_NoSpaces_KeepsCharactersWhole()
    {
        var pieces = SentenceSplitter.Split(string.Concat(Enumerable.Repeat("e\u0301😀", 30)), 10).Select(piece => piece.Text).ToArray();

        string.Concat(pieces).Length.ShouldBe(120);
        pieces.ShouldAllBe(piece => piece.Length <= 10 && !char.IsLowSurrogate(piece[0]) && piece[0] != '\u0301');
    }
}
