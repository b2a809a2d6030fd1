using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Tests.Text;

public sealed class SpeakableTextTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("7", true)]
    [InlineData("東", true)]
    [InlineData("𝒜", true)]
    [InlineData("*", true)]
    [InlineData("/", true)]
    [InlineData("°", true)]
    [InlineData("$", true)]
    [InlineData("½", true)]
    [InlineData("😀", true)]
    [InlineData("...", false)]
    [InlineData("\"'!?-()[]", false)]
    [InlineData(" \t\n\u200b\0", false)]
    [InlineData("\u0301", false)]
    [InlineData("", false)]
    public void HasSound_Text_TellsWhetherThereIsSomethingToSay(string text, bool sound) => SpeakableText.HasSound(text).ShouldBe(sound);

    [Theory]
    [InlineData("a\0b\tc", "a b c")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("😀", "😀")]
    public void Clean_Text_HasNoControlCharacters(string text, string clean) => SpeakableText.Clean(text).ShouldBe(clean);

    // Not a theory: a lone surrogate does not survive in the data of one.
    [Fact]
    public void Clean_LoneSurrogate_IsReplaced() => SpeakableText.Clean("a\ud800b").ShouldBe("a\ufffdb");
}
