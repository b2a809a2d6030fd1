using Aspire.Dashboard.Charts;
using FsCheck;
using FsCheck.Fluent;

namespace Aspire.Dashboard.Tests;

public sealed class QuantileTests
{
    [Theory]
    [InlineData(0.5, 1.0)]
    [InlineData(0.25, 0.5)]
    [InlineData(0.75, 1.5)]
    [InlineData(1.0, 2.0)]
    public void Of_EvenBuckets_IsBetweenTheBounds(double q, double expected) => Quantile.Of(q, [1, 2], [10, 10, 0]).ShouldBe(expected);

    [Fact]
    public void Of_ValuesBeyondTheLastBound_IsThatBound() => Quantile.Of(0.99, [1, 2], [0, 0, 5]).ShouldBe(2);

    [Fact]
    public void Of_NoValuesOrBounds_IsUnknown()
    {
        Quantile.Of(0.5, [1, 2], [0, 0, 0]).ShouldBeNull();
        Quantile.Of(0.5, [], [3]).ShouldBeNull();
    }

    /// <summary>Whatever fell where: within the bounds, and no smaller for a larger share.</summary>
    [Fact]
    public void Of_AnyCounts_GrowsWithTheShare() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 50).ArrayOf(6).Where(counts => counts.Sum() > 0).ToArbitrary(),
        counts =>
        {
            double[] bounds = [-1, 0, 0.5, 2, 10];
            var values = new[] { 0.0, 0.1, 0.5, 0.9, 0.99, 1 }.Select(q => Quantile.Of(q, bounds, [.. counts.Select(c => (double)c)])!.Value).ToArray();
            return values.SequenceEqual(values.Order()) && values.All(v => v is >= -1 and <= 10);
        }));

    /// <summary>Whatever the values are, an axis has a few round ticks around them.</summary>
    [Fact]
    public void Scale_AnyValues_HoldsThemInAFewSteps() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<double[]>(),
        values =>
        {
            var scale = Scale.Of(values);
            var ticks = scale.Ticks().ToArray();
            return ticks.Length is >= 2 and <= 9 && ticks.All(double.IsFinite) && values.All(v => scale.Of(v) is >= 0 and <= 1 || double.IsNaN(v));
        }));
}
