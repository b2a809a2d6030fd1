using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class DecodingLadderTests
{
    private readonly List<(bool Full, float Temperature)> _tried = [];

    [Fact]
    public void Climb_GoodText_IsTakenAtOnce()
    {
        Climb(0, 1.2f).CompressionRatio.ShouldBe(1.2f);

        _tried.ShouldBe([(false, 0)]);
    }

    [Fact]
    public void Climb_LoopInAShortWindow_IsDecodedInTheFullOneFirst()
    {
        Climb(0, 9, 1.4f).CompressionRatio.ShouldBe(1.4f);

        _tried.ShouldBe([(false, 0), (true, 0)]);
    }

    [Fact]
    public void Climb_OnlyLoops_GivesTheLeastAfterEveryTemperature()
    {
        Climb(0, 9, 8, 5, 7, 6, 8, 8).CompressionRatio.ShouldBe(5);

        _tried.Select(attempt => MathF.Round(attempt.Temperature, 2)).ShouldBe([0, 0, 0.2f, 0.4f, 0.6f, 0.8f, 1]);
    }

    [Fact]
    public void Climb_TemperatureGiven_StartsThere()
    {
        Climb(0.8f, 9, 8, 7).Temperature.ShouldBe(1, 0.01f);

        _tried.Count.ShouldBe(3);
    }

    [Fact]
    public void Climb_TextCutOff_CountsAsLoop()
    {
        var text = DecodingLadder.Climb(0, (full, temperature) => Text(1, temperature, ended: full));

        text.Text.EndedByModel.ShouldBeTrue();
    }

    [Fact]
    public void CompressionRatio_RepeatedText_IsAboveTheLimitAndPlainTextBelow()
    {
        LoopCheck.CompressionRatio(string.Concat(Enumerable.Repeat(" thank you", 20))).ShouldBeGreaterThan(LoopCheck.MaxCompressionRatio);
        foreach (var recording in Repository.Recordings)
        {
            LoopCheck.CompressionRatio(recording.Text).ShouldBeLessThan(LoopCheck.MaxCompressionRatio);
        }
        LoopCheck.CompressionRatio("").ShouldBe(0);
    }

    [Fact]
    public void MaxTokens_EveryRecording_LeavesRoomForItsText()
    {
        var tokenizer = Tokens.TokenizerTests.Base;
        foreach (var recording in Repository.Recordings)
        {
            LoopCheck.MaxTokens(recording.Seconds).ShouldBeGreaterThan(2 * tokenizer.Encode(recording.Text).Length);
        }
    }

    private RecognizedText Climb(float start, params float[] ratios) => DecodingLadder.Climb(start, (full, temperature) =>
    {
        _tried.Add((full, temperature));
        return Text(ratios[_tried.Count - 1], temperature);
    });

    private static RecognizedText Text(float ratio, float temperature, bool ended = true) =>
        new(new DecodedText([], [], -0.3f, 0, ended), ratio, temperature);
}
