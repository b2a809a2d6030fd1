using WhisperMesh.Cli.Live.Captions;

namespace WhisperMesh.Cli.Tests;

public sealed class CellWrapTests
{
    [Theory]
    [InlineData("", 10, "")]
    [InlineData("one", 10, "one")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("  one  two ", 4, "one|two")]
    [InlineData("incomprehensible", 5, "incom|prehe|nsibl|e")]
    [InlineData("an incomprehensible", 5, "an|incom|prehe|nsibl|e")]
    [InlineData("日本語のテスト", 6, "日本語|のテス|ト")]
    [InlineData("日本語のテスト", 5, "日本|語の|テス|ト")]
    [InlineData("日本", 1, "日|本")]
    public void Lines_Text_AreBrokenByCells(string text, int width, string expected) =>
        string.Join('|', CellWrap.Lines(text, width).Select(line => text[line])).ShouldBe(expected);

    [Fact]
    public void Lines_RandomText_HoldEachCharacterButSpacesAndFit()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(6) switch
            {
                0 or 1 => " ",
                2 => "漢",
                3 => "e\u0301",
                _ => ((char)random.Next('a', 'z')).ToString(),
            }));
            var width = random.Next(2, 20);

            var lines = CellWrap.Lines(text, width).Select(line => text[line]).ToList();

            string.Concat(lines).Replace(" ", "", StringComparison.Ordinal).ShouldBe(text.Replace(" ", "", StringComparison.Ordinal));
            lines.ShouldAllBe(line => CellWrap.Cells(line) <= width);
        }
    }

    [Theory]
    [InlineData("status", 4, "stat")]
    [InlineData("日本語", 5, "日本")]
    [InlineData("日本語", 0, "")]
    public void Cut_Text_IsAsMuchAsFits(string text, int width, string expected) => CellWrap.Cut(text, width).ShouldBe(expected);
}
