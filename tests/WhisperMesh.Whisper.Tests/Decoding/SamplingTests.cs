using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Tests.Decoding;

public sealed class SamplingTests
{
    [Fact]
    public void Take_SameSeed_RepeatsAndAnotherSeedDiffers()
    {
        Draw(1, 0.8f).ShouldBe(Draw(1, 0.8f));
        Draw(1, 0.8f).ShouldNotBe(Draw(2, 0.8f));
    }

    [Fact]
    public void Take_TemperatureZero_IgnoresTheSeed() => Draw(1, 0).ShouldBe(Draw(2, 0));

    [Fact]
    public void Sample_ManyDraws_FollowsTheDistribution()
    {
        var random = new Random(3);
        float[] logits = [MathF.Log(0.7f), MathF.Log(0.3f), float.NegativeInfinity];

        var drawn = Enumerable.Range(0, 10_000).Select(_ => Logits.Sample(logits, 1, random)).ToList();

        drawn.ShouldNotContain(2);
        drawn.Count(token => token == 0).ShouldBeInRange(6_800, 7_200);
    }

    private static int[] Draw(int seed, float temperature)
    {
        var sequence = new TokenSequence(
            new DecodingTask([], 0, 100, MaxTokens: 12, temperature, seed, Timestamps: false), SmallVocabulary.Control);
        var random = new Random(9);
        while (!sequence.Finished)
        {
            sequence.Take(SmallVocabulary.RandomLogits(random));
        }
        return [.. sequence.Tokens];
    }
}
