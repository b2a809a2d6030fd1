using System.Buffers;

namespace WhisperMesh.Audio.Tests;

public sealed class ResamplerTests
{
    public static TheoryData<int, int> RatePairs => new()
    {
        { 8000, 16_000 }, { 48_000, 16_000 }, { 44_100, 16_000 }, { 22_050, 24_000 }, { 192_000, 16_000 }, { 44_101, 16_000 },
        { 16_000, 44_100 },
    };

    [Theory]
    [MemberData(nameof(RatePairs))]
    public void Process_ToneInThePassBand_KeepsItsLevelAndStandsAlone(int inputHz, int outputHz)
    {
        foreach (var share in (double[])[0.05, 0.5, 0.9])
        {
            var frequency = share * Math.Min(inputHz, outputHz) / 2;
            var output = Middle(Resample(AudioFixtures.Tone(frequency, inputHz, inputHz), inputHz, outputHz));

            var level = 20 * Math.Log10(AudioFixtures.Amplitude(output, frequency, outputHz) / 0.5);
            level.ShouldBeInRange(-0.1, 0.1);

            // The images of an upsampled tone lie around the input's rate.
            if (inputHz < outputHz && inputHz - frequency < outputHz / 2.0)
            {
                Decibels(AudioFixtures.Amplitude(output, inputHz - frequency, outputHz)).ShouldBeLessThan(-80);
            }
        }
    }

    [Theory]
    [MemberData(nameof(RatePairs))]
    public void Process_ToneAboveTheLowerNyquist_IsGone(int inputHz, int outputHz)
    {
        if (inputHz < outputHz)
        {
            return;
        }

        foreach (var share in (double[])[1.0, 1.03, 1.2, 1.9])
        {
            var frequency = share * outputHz / 2;
            if (frequency >= inputHz / 2.0)
            {
                continue;
            }

            var output = Middle(Resample(AudioFixtures.Tone(frequency, inputHz, inputHz), inputHz, outputHz));

            var loudest = output.Max(Math.Abs);
            Decibels(loudest).ShouldBeLessThan(-80, $"{frequency} Hz");
        }
    }

    [Theory]
    [MemberData(nameof(RatePairs))]
    public void Process_AnySplit_GivesTheSameSamplesAndTheExactLength(int inputHz, int outputHz)
    {
        var random = new Random(3);
        float[] input = [.. Enumerable.Range(0, 20_011).Select(_ => random.NextSingle() - 0.5f)];

        var whole = Resample(input, inputHz, outputHz);
        var split = Resample(input, inputHz, outputHz, random);

        split.ShouldBe(whole);
        whole.Length.ShouldBe((int)Math.Round((double)input.Length * outputHz / inputHz));
    }

    private static double Decibels(double amplitude) => 20 * Math.Log10(Math.Max(amplitude, 1e-12) / 0.5);

    private static float[] Middle(float[] samples) => samples[(samples.Length / 4)..(samples.Length * 3 / 4)];

    private static float[] Resample(float[] input, int inputHz, int outputHz, Random? splits = null)
    {
        var resampler = new Resampler(inputHz, outputHz);
        var output = new ArrayBufferWriter<float>();
        for (var at = 0; at < input.Length;)
        {
            var count = Math.Min(splits?.Next(1, 700) ?? input.Length, input.Length - at);
            resampler.Process(input.AsSpan(at, count), output);
            at += count;
        }

        resampler.Complete(output);
        return output.WrittenSpan.ToArray();
    }
}
