using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Tests.Tokens;

public sealed class TokenizerTests
{
    internal static readonly Tokenizer Base = TokenizerFile.Read(Path.Combine(Repository.WhisperBase, "tokenizer.json"));

    [Fact]
    public void Encode_EveryTranscript_DecodesToItself()
    {
        foreach (var recording in Repository.Recordings)
        {
            Base.Decode(Base.Encode(recording.Text)).ShouldBe(recording.Text);
        }
    }

    [Theory]
    [InlineData(" I'm sorry, but I was unable to locate the person you're calling.",
        new[] { 286, 478, 2597, 11, 457, 286, 390, 11299, 281, 22370, 264, 954, 291, 434, 5141, 13 })]
    [InlineData(" In primo luogo ti", new[] { 682, 38671, 10438, 23515, 8757 })]
    public void Encode_KnownText_GivesTheModelsOwnTokens(string text, int[] tokens)
    {
        Base.Encode(text).ShouldBe(tokens);
        Base.Decode(tokens).ShouldBe(text);
    }

    [Fact]
    public void Encode_AnyWellFormedText_DecodesToItself() => Prop.ForAll<string?>(text =>
    {
        // Lone surrogates have no UTF-8 form.
        var plain = new string([.. (text ?? "").Where(c => !char.IsSurrogate(c))]);
        return Base.Decode(Base.Encode(plain)) == plain;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_ControlTokensAndTimestamps_HaveNoText() => Base.Decode([50258, 50259, 50364, 286, 51864, 50257]).ShouldBe(" I");

    [Fact]
    public void Decode_CharacterSpreadOverTokens_IsPutTogether()
    {
        var tokens = Base.Encode("👍🏽 čšž 語");

        tokens.Length.ShouldBeGreaterThan(6);
        Base.Decode(tokens).ShouldBe("👍🏽 čšž 語");
    }

    [Fact]
    public void Encode_MarkupOfASpecialToken_IsPlainText() => Base.Encode("<|endoftext|>").ShouldNotContain(50257);
}
