using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Whisper.Tests.Alignment;

public sealed class MedianFilterTests
{
    [Fact]
    public void Smooth_LonelySpike_Vanishes() => Smooth([0, 0, 0, 0, 9, 0, 0, 0, 0]).ShouldAllBe(value => value == 0);

    [Fact]
    public void Smooth_StepAtTheEnd_StaysBecauseTheRowIsMirrored() =>
        Smooth([0, 0, 0, 0, 0, 1, 1, 1]).ShouldBe([0, 0, 0, 0, 0, 1, 1, 1]);

    [Fact]
    public void Smooth_AnyRow_IsTheMiddleOfSevenSorted() => Prop.ForAll(
        Gen.Choose(0, 70).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (length, seed) =>
        {
            var random = new Random(seed);
            float[] row = [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-9, 9))];
            var expected = length <= 3 ? row : [.. row.Select((_, place) => Enumerable.Range(place - 3, 7)
                .Select(i => row[Math.Abs(i) < length ? Math.Abs(i) : 2 * (length - 1) - i]).Order().ElementAt(3))];
            return Smooth(row).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();

    private static float[] Smooth(float[] row)
    {
        var smooth = new float[row.Length];
        MedianFilter.Smooth(row, smooth);
        return smooth;
    }
}
