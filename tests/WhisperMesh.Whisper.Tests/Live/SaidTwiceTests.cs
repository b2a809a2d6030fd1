using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Whisper.Tests.Live;

public sealed class SaidTwiceTests
{
    [Theory]
    [InlineData("Please leave your message. please leave your message after", 1.2, true)]
    [InlineData("password incorrect, password incorrect", 0.8, true)]
    [InlineData("so password incorrect password incorrect please", 1.1, true)]
    // Said twice indeed, and as fast as that is said.
    [InlineData("Please leave your message. Please leave your message.", 2.4, false)]
    [InlineData("no no no", 0.3, false)]
    // Fast, but nothing comes twice.
    [InlineData("please leave your message after the tone", 0.7, false)]
    [InlineData("", 0, false)]
    public void IsIn_WordsAndVoice_ARepetitionThatNobodyHasTimeFor(string text, double voiceSeconds, bool expected) =>
        SaidTwice.IsIn(Words.Of(text), TimeSpan.FromSeconds(voiceSeconds)).ShouldBe(expected);
}
