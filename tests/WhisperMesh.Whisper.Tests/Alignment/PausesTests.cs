using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class PausesTests
{
    private static readonly (double, double) Before = (double.NegativeInfinity, 0);

    // Sound from 1 to 2 s and from 2.5 to 3 s, with a stop of 60 ms at 2.7 s, in 4 s.
    private static readonly Pauses Found = new(Sound(0, (1, 2), (2.5, 2.7), (2.76, 3)));

    [Fact]
    public void Between_PauseSharedByAlignment_EndsAndBeginsWithTheSound()
    {
        Found.Between((1.2, 2.3), (2.3, 2.9)).ShouldBe((2, 2.5));
        Found.Between((1.2, 1.9), (2.2, 2.9)).ShouldBe((2, 2.5));
    }

    [Fact]
    public void Between_AlignmentOffThePause_IsMovedToItByHalfAWordAtMost()
    {
        Found.Between((1.2, 1.8), (1.8, 2.9)).ShouldBe((2, 2.35));
        Found.Between((1.9, 2.6), (2.6, 2.9)).ShouldBe((2.25, 2.5));
    }

    [Fact]
    public void Between_StopBesideTheBoundary_IsTheBoundary()
    {
        var pause = Found.Between((2.5, 2.69), (2.69, 2.9)).ShouldNotBeNull();

        pause.Start.ShouldBe(2.7, 1e-9);
        pause.End.ShouldBe(2.76, 1e-9);
    }

    [Fact]
    public void Between_PauseTaken_IsNotTakenTwice() => Found.Between((1.2, 2.3), (2.3, 2.9), after: 2.5).ShouldBeNull();

    [Fact]
    public void Between_EdgesOfTheWindow_ArePauses()
    {
        Found.Between(Before, (0, 1.4))!.Value.End.ShouldBe(1);
        Found.Between((2.8, 2.9), (2.9, double.PositiveInfinity))!.Value.Start.ShouldBe(3);
    }

    [Theory]
    [InlineData(1.5)]
    [InlineData(2.65)]
    public void Between_NoPauseNear_IsNull(double boundary) =>
        Found.Between((boundary - 0.1, boundary), (boundary, boundary + 0.1)).ShouldBeNull();

    [Theory]
    [InlineData(0.001f)]
    [InlineData(0.02f)]
    [InlineData(0.06f)]
    public void Between_Noise_IsTakenForQuiet(float noise) =>
        new Pauses(Sound(noise, (1, 2), (2.5, 3))).Between((1.2, 2.3), (2.3, 2.9)).ShouldBe((2, 2.5));

    [Fact]
    public void Between_SofterSpeakerAfterALoudOne_IsHeard()
    {
        var samples = Sound(0, (0.5, 1), (4, 5));
        foreach (ref var sample in samples.AsSpan(32_000))
        {
            sample *= 0.01f;
        }

        new Pauses(samples).Between((0.6, 1.5), (1.5, 4.5)).ShouldBe((1, 4));
    }

    [Fact]
    public void Between_NoSamples_IsNull() => new Pauses([]).Between(Before, (0, 1)).ShouldBeNull();

    private static float[] Sound(float noise, params (double From, double To)[] parts)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, 16_000 * (int)Math.Ceiling(parts[^1].To + 1)).Select(i =>
            noise * (2 * random.NextSingle() - 1)
            + (parts.Any(part => i >= part.From * 16_000 && i < part.To * 16_000) ? 0.5f * MathF.Sin(i * 0.3f) : 0))];
    }
}
