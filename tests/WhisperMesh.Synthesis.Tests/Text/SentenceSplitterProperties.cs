using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Tests.Text;

public sealed class SentenceSplitterProperties
{
    private static readonly string[] Parts =
        ["a", "Word", "Dr", "3", ".", "...", "!", "?", ",", ";", " ", "  ", "\n", "\n\n", "\"", "”", "(", "- ", "。", "、", "😀", "e\u0301", "\u0301", "\t"];

    private static readonly Arbitrary<string> Texts =
        Gen.Elements(Parts).ListOf().Select(parts => string.Concat(parts)).ToArbitrary();

    private static readonly Arbitrary<int> Limits = Gen.Choose(2, 60).ToArbitrary();

    [Fact]
    public void Split_AnyText_KeepsAllThatIsNotSpace() => Check(
        (text, limit) => WithoutSpace(string.Concat(SentenceSplitter.Split(text, limit).Select(piece => piece.Text))) == WithoutSpace(text));

    [Fact]
    public void Split_AnyText_GivesTrimmedPiecesWithinTheLimit() => Check((text, limit) => SentenceSplitter.Split(text, limit)
        .All(piece => piece.Text.Length is > 0 && piece.Text.Length <= limit && piece.Text == piece.Text.Trim()));

    [Fact]
    public void Split_AnyText_NeverCutsASurrogatePair() => Check((text, limit) => SentenceSplitter.Split(text, limit)
        .All(piece => !char.IsLowSurrogate(piece.Text[0]) && !char.IsHighSurrogate(piece.Text[^1])));

    // FsCheck's own strings: any UTF-16 at all, lone surrogates included, as Clean leaves them.
    [Fact]
    public void Split_CleanedText_KeepsAllThatIsNotSpace() => Prop.ForAll<string?, PositiveInt>((text, limit) =>
    {
        var clean = SpeakableText.Clean(text ?? "");
        return WithoutSpace(string.Concat(SentenceSplitter.Split(clean, limit.Get + 1).Select(piece => piece.Text))) == WithoutSpace(clean);
    }).QuickCheckThrowOnFailure();

    private static void Check(Func<string, int, bool> property) => Prop.ForAll(Texts, Limits, property).QuickCheckThrowOnFailure();

    private static string WithoutSpace(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
