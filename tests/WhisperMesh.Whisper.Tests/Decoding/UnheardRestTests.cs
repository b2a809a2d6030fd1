using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Tokens;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class UnheardRestTests
{
    private const int Second = 16_000;
    private static readonly ControlTokens Control = SmallVocabulary.Control;

    [Theory]
    [InlineData(3, 3.0)]
    [InlineData(9, null)]
    public void Find_TextEndsBeforeTheSpeechDoes_IsItsEnd(int textEnd, double? expected) =>
        UnheardRest.Find(Window((0, 10)), Text(textEnd), Control).ShouldBe(expected);

    [Fact]
    public void Find_OnlyQuietFollows_IsNothing() => UnheardRest.Find(Window((0, 3)), Text(3), Control).ShouldBeNull();

    [Fact]
    public void Find_TextWithoutTimestampAtItsEnd_IsNothing() =>
        UnheardRest.Find(Window((0, 10)), new DecodedText([1, 2], [0, 0], 0, 0, true), Control).ShouldBeNull();

    [Fact]
    public void From_PlaceInALaterPart_KnowsWhereItLiesOnTheStream()
    {
        var window = new SpeechWindow([new SpeechPiece(0, new float[Second]), new SpeechPiece(50 * Second, new float[2 * Second])]);

        var rest = window.From(1.5);

        rest.Seconds.ShouldBe(1.5);
        rest.StreamStart.ShouldBe(50 * Second + Second / 2);
        rest.StreamEnd.ShouldBe(window.StreamEnd);
    }

    private static DecodedText Text(int endSeconds)
    {
        int[] tokens = [Control.FirstTimestamp, 1, Control.FirstTimestamp + endSeconds * 50];
        return new DecodedText(tokens, new float[tokens.Length], 0, 0, true);
    }

    private static SpeechWindow Window((int From, int To) sound)
    {
        var random = new Random(3);
        var samples = new float[10 * Second];
        for (var i = sound.From * Second; i < sound.To * Second; i++)
        {
            samples[i] = (float)(random.NextDouble() - 0.5);
        }
        return new SpeechWindow([new SpeechPiece(0, samples)]);
    }
}
