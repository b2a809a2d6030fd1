using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class DecodingLadderTests
{
    private static readonly Outcome Good = new();
    private static readonly Outcome Loop = new(Ratio: 9);
    private static readonly Outcome Doubtful = new(LogProbability: -1.5f);
    private readonly List<Attempt> _tried = [];

    [Fact]
    public void Next_GoodText_IsTakenAtOnce()
    {
        Climb(0, Good).Temperature.ShouldBe(0);

        Tried().ShouldBe([(false, 0)]);
    }

    [Fact]
    public void Next_LoopInAShortWindow_IsDecodedInTheFullOneFirst()
    {
        Climb(0, Loop, Good).CompressionRatio.ShouldBe(1);

        Tried().ShouldBe([(false, 0), (true, 0)]);
    }

    [Fact]
    public void Next_DoubtfulText_IsTriedAtHigherTemperaturesInTheSameWindow()
    {
        Climb(0, Doubtful, Doubtful, Good).Temperature.ShouldBe(0.4f);

        Tried().ShouldBe([(false, 0), (false, 0.2f), (false, 0.4f)]);
    }

    [Fact]
    public void Next_LoopAtAHigherTemperature_GoesToTheFullWindowAndStaysThere()
    {
        Climb(0, Doubtful, Loop, Loop, Good);

        Tried().ShouldBe([(false, 0), (false, 0.2f), (true, 0.2f), (true, 0.4f)]);
    }

    [Fact]
    public void Next_FullWindowFromTheStart_IsNotDecodedTwice()
    {
        Climb(0.8f, [Loop, Good], full: true);

        Tried().ShouldBe([(true, 0.8f), (true, 1)]);
    }

    [Fact]
    public void Next_OnlyLoops_GivesTheLeastAfterEveryTemperature()
    {
        float[] ratios = [9, 8, 5, 7, 6, 8, 8];

        Climb(0, [.. ratios.Select(ratio => new Outcome(ratio))]).CompressionRatio.ShouldBe(5);

        Tried().Select(attempt => attempt.Temperature).ShouldBe([0, 0, 0.2f, 0.4f, 0.6f, 0.8f, 1]);
    }

    [Fact]
    public void Next_NothingGood_PrefersTheLikeliestTextThatIsNoLoop() =>
        Climb(0.6f, Loop, Loop, new(LogProbability: -1.2f), new(LogProbability: -1.1f)).Text.AverageLogProbability.ShouldBe(-1.1f);

    [Fact]
    public void Next_Silence_IsNotTriedAgainEvenWhenItLoops()
    {
        Climb(0, new Outcome(9, -1.5f, 0.7f));

        Tried().Count.ShouldBe(1);
    }

    [Fact]
    public void Next_TextCutOffOrRepeating_CountsAsLoop()
    {
        Climb(0, new(Ended: false), new(Repeats: true), Good);

        Tried().ShouldBe([(false, 0), (true, 0), (true, 0.2f)]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.9f, 1)]
    [InlineData(0.5f, 3)]
    public void Next_TemperatureGiven_NeverPassesOne(float temperature, int attempts)
    {
        Climb(temperature, Doubtful, Doubtful, Doubtful);

        Tried().Count.ShouldBe(attempts);
        Tried().ShouldAllBe(attempt => attempt.Temperature <= 1);
    }

    [Fact]
    public void CompressionRatio_RepeatedText_IsAboveTheLimitAndPlainTextBelow()
    {
        var limit = new DecodingThresholds().CompressionRatio;
        LoopCheck.CompressionRatio(string.Concat(Enumerable.Repeat(" thank you", 20))).ShouldBeGreaterThan(limit);
        foreach (var recording in Repository.Recordings)
        {
            LoopCheck.CompressionRatio(recording.Text).ShouldBeLessThan(limit);
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

    private RecognizedText Climb(float start, params Outcome[] outcomes) => Climb(start, outcomes, full: false);

    private RecognizedText Climb(float start, Outcome[] outcomes, bool full)
    {
        var ladder = new DecodingLadder(start, new QualityJudge(new DecodingThresholds()), full);
        RecognizedText? last = null;
        while (ladder.Next(last) is { } attempt)
        {
            last = outcomes[_tried.Count].At(attempt.Temperature);
            _tried.Add(attempt);
        }
        return ladder.Best;
    }

    private List<(bool Full, float Temperature)> Tried() =>
        [.. _tried.Select(attempt => (attempt.FullWindow, MathF.Round(attempt.Temperature, 2)))];

    private sealed record Outcome(
        float Ratio = 1, float LogProbability = -0.3f, float NoSpeech = 0, bool Ended = true, bool Repeats = false)
    {
        public RecognizedText At(float temperature) =>
            new(new DecodedText([], [], LogProbability, NoSpeech, Ended) { Repeats = Repeats }, Ratio, temperature);
    }
}
