using System.Runtime.InteropServices;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Tests.Features;

public sealed class LogMelTests
{
    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-vm-newuser")]
    public void Compute_Recording_AgreesWithSecondImplementation(string name)
    {
        var golden = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Repository.Golden(name + ".mel.f32")));
        var mel = new float[MelFilters.Count * 1000];

        new LogMel().Compute(Repository.Named(name).Samples(), 1000, mel);

        var worst = 0f;
        for (var i = 0; i < mel.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(mel[i] - golden[i]));
        }
        worst.ShouldBeLessThan(1e-4f);
    }

    [Fact]
    public void Compute_FramesNotAMultipleOfTheLanes_EqualsTheSameFramesOfAnotherLength()
    {
        // Noise over the whole of both, so that the loudest frame (which sets the floor) lies in both.
        var random = new Random(1);
        var samples = new float[1010 * LogMel.Hop];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (float)(random.NextDouble() - 0.5) * (i < 4000 ? 1 : 0.2f);
        }
        var odd = new float[MelFilters.Count * 1002];
        var even = new float[MelFilters.Count * 1008];
        var features = new LogMel();

        features.Compute(samples.AsSpan(0, 1002 * LogMel.Hop), 1002, odd);
        features.Compute(samples.AsSpan(0, 1008 * LogMel.Hop), 1008, even);

        for (var filter = 0; filter < MelFilters.Count; filter++)
        {
            for (var frame = 0; frame < 1000; frame++)
            {
                odd[filter * 1002 + frame].ShouldBe(even[filter * 1008 + frame], 1e-5f);
            }
        }
    }

    [Fact]
    public void Compute_Silence_IsFlat()
    {
        var mel = new float[MelFilters.Count * 1000];

        new LogMel().Compute([], 1000, mel);

        mel.ShouldAllBe(v => v == mel[0]);
    }
}
