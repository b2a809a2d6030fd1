using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class SamplingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Search_SameSeed_RepeatsAndAnotherSeedDiffers(int texts)
    {
        Draw(1, 0.8f, texts).ShouldBe(Draw(1, 0.8f, texts));
        Draw(1, 0.8f, texts).ShouldNotBe(Draw(2, 0.8f, texts));
    }

    [Fact]
    public void Search_TemperatureZero_IgnoresTheSeed() => Draw(1, 0).ShouldBe(Draw(2, 0));

    [Fact]
    public void Search_SeveralTexts_KeepsTheLikeliest()
    {
        // Each text is one word: 1 is the likeliest, and among so many it is drawn at least once.
        Func<IReadOnlyList<int>, float[]> model = text =>
        {
            var logits = new float[SmallVocabulary.Size];
            logits.AsSpan().Fill(float.NegativeInfinity);
            logits[text.Count == 0 ? 1 : SmallVocabulary.Control.EndOfText] = 1;
            logits[text.Count == 0 ? 2 : SmallVocabulary.Control.EndOfText] = 0;
            return logits;
        };
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var task = new DecodingTask([], 0, 100, MaxTokens: 12, 1, seed, Timestamps: false, BestOf: 16);
            Searching.Run(task, model).Tokens.ShouldBe([1]);
        }
    }

    [Fact]
    public void Draw_ManyTimes_FollowsTheDistribution()
    {
        var random = new Random(3);
        var logits = new float[SmallVocabulary.Size];
        logits.AsSpan().Fill(float.NegativeInfinity);
        (logits[1], logits[2], logits[3]) = (MathF.Log(0.7f), MathF.Log(0.3f), 5);
        var filter = new TokenFilter(new DecodingTask([], 0, 100, 9, Timestamps: false), SmallVocabulary.Control);

        var drawn = new List<int>();
        for (var i = 0; i < 10_000; i++)
        {
            drawn.Add(filter.Read(logits, [1]).Draw(1, random));
        }

        drawn.ShouldAllBe(token => token == 1 || token == 2);
        drawn.Count(token => token == 1).ShouldBeInRange(6_800, 7_200);
    }

    private static int[] Draw(int seed, float temperature, int texts = 1)
    {
        var task = new DecodingTask([], 0, 100, MaxTokens: 12, temperature, seed, Timestamps: false, BestOf: texts);
        return [.. Searching.Run(task, text => SmallVocabulary.RandomLogits(new Random(text.Count))).Tokens];
    }
}
