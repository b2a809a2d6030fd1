using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace WhisperMesh.Audio.Tests;

public sealed class LevelNormalizerTests
{
    public static TheoryData<string> Recordings => [.. AudioFixtures.SpeechNames];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Process_NormalSpeech_ChangesNothing(string name)
    {
        var samples = await AudioFixtures.SpeechAsync(name);

        Normalize(samples).ShouldBe(samples);
        Normalize(Scale(samples, -10)).ShouldBe(Scale(samples, -10));
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Process_SpeechFortyDecibelsTooQuiet_EndsNearNormal(string name)
    {
        // Said twice, since the first seconds are what tells that it is quiet.
        var samples = await AudioFixtures.SpeechAsync(name);
        var result = Normalize(Scale([.. samples, .. samples], -40));

        var gain = PeakDbfs(result.AsSpan(samples.Length)) - PeakDbfs(Scale(samples, -40));

        gain.ShouldBeInRange(25, 30.01);
        PeakDbfs(result).ShouldBeInRange(-22, -6);
    }

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Process_SpeechTwentyDecibelsAboveFullScale_IsBroughtUnderIt(string name)
    {
        var samples = await AudioFixtures.SpeechAsync(name);
        var loud = Scale(samples, 20);

        var result = Normalize(loud);

        TensorPrimitives.MaxMagnitude(result).ShouldBeInRange(-1, 1);
        PeakDbfs(result).ShouldBeGreaterThan(-3);

        // Once the loudest moment is past, what comes out is the recording at another level, not a clipped one.
        TensorPrimitives.CosineSimilarity<float>(result.AsSpan(8000), loud.AsSpan(8000)).ShouldBeGreaterThan(0.9f);
    }

    [Theory]
    [InlineData(-70)]
    [InlineData(-50)]
    [InlineData(-35)]
    public void Process_SteadyNoise_IsNotRaised(double rmsDbfs)
    {
        var noise = Noise(20 * 16_000, rmsDbfs);

        Normalize(noise).ShouldBe(noise);
        Normalize(new float[160_000]).ShouldBe(new float[160_000]);
    }

    [Fact]
    public void Process_NoiseThatComesAndGoes_IsNotRaised()
    {
        var noise = Noise(20 * 16_000, -50);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] *= i / 12_345 % 2;
        }

        Normalize(noise).ShouldBe(noise);
    }

    [Fact]
    public async Task Process_HissAfterQuietSpeech_StaysAsFarBelowTheSpeechAsItWas()
    {
        var speech = Scale(await AudioFixtures.SpeechAsync("en-demo-nogo.wav"), -40);

        var result = Normalize([.. speech, .. Noise(30 * 16_000, -75)]);

        PeakDbfs(result.AsSpan(speech.Length)).ShouldBeLessThan(-75 + 13 + 30);
    }

    [Fact]
    public async Task Process_LoudSpeakerAfterAQuietOne_IsNotClipped()
    {
        var speech = await AudioFixtures.SpeechAsync("en-demo-nogo.wav");

        var result = Normalize([.. Scale(speech, -40), .. speech, .. speech]);

        TensorPrimitives.MaxMagnitude(result).ShouldBeInRange(-1, 1);
        result[^speech.Length..].ShouldBe(speech);
    }

    [Fact]
    public async Task Process_OneKnockAboveFullScale_IsForgotten()
    {
        var speech = await AudioFixtures.SpeechAsync("en-demo-nogo.wav");
        float[] input = [2, .. speech, .. speech, .. speech];

        var result = Normalize(input);

        result[0].ShouldBeLessThan(1);
        result[^speech.Length..].ShouldBe(speech);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(-0.3f)]
    public async Task Process_LargeOffset_IsTakenOut(float offset)
    {
        float[] speech = Scale(await AudioFixtures.SpeechAsync("en-demo-nogo.wav"), -6);
        float[] shifted = [.. speech.Select(sample => sample + offset)];

        var result = Normalize(shifted);

        Math.Abs(TensorPrimitives.Sum<float>(result.AsSpan(64_000)) / (result.Length - 64_000)).ShouldBeLessThan(0.01f);
    }

    [Fact]
    public void Process_AnySplit_GivesTheSameSamples()
    {
        var random = new Random(5);
        float[] loudness = [0.003f, 0.02f, 0.5f, 4f, 0.003f, 0f];

        // Syllables of noise at all levels, some above full scale, half of them off zero.
        float[] samples = [.. Enumerable.Range(0, 12 * 8000).Select(i =>
            (float)((random.NextDouble() - 0.5) * loudness[i / 8000 % 6] * (i / 2000 % 2)) + (i > 48_000 ? 0.05f : 0))];
        var whole = Normalize(samples);

        whole.ShouldNotBe(samples);
        Prop.ForAll(
            Gen.Choose(1, 5000).NonEmptyListOf().ToArbitrary(), pieces => Normalize(samples, [.. pieces]).SequenceEqual(whole))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void Process_Blocks_AllocatesNothing()
    {
        var normalizer = new LevelNormalizer();
        var block = Noise(8000, -20);
        normalizer.Process(block, block);
        var before = GC.GetAllocatedBytesForCurrentThread();

        normalizer.Process(block, block);

        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    private static float[] Normalize(float[] samples, params int[] pieces)
    {
        var normalizer = new LevelNormalizer();
        var result = new float[samples.Length];
        for (int at = 0, piece = 0; at < samples.Length; piece++)
        {
            var count = pieces.Length == 0 ? samples.Length : Math.Min(pieces[piece % pieces.Length], samples.Length - at);
            normalizer.Process(samples.AsSpan(at, count), result.AsSpan(at, count));
            at += count;
        }

        return result;
    }

    private static float[] Scale(float[] samples, double decibels) =>
        [.. samples.Select(sample => (float)(sample * Math.Pow(10, decibels / 20)))];

    private static float[] Noise(int count, double rmsDbfs)
    {
        var random = new Random(3);
        var half = Math.Sqrt(3) * Math.Pow(10, rmsDbfs / 20);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(half * ((2 * random.NextDouble()) - 1)))];
    }

    private static double PeakDbfs(ReadOnlySpan<float> samples) => 20 * Math.Log10(Math.Abs(TensorPrimitives.MaxMagnitude(samples)));
}
