using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class TraceRatioTests
{
    [Theory]
    [InlineData(0.0, 1.0, true)]
    [InlineData(0.999, 0.0, false)]
    [InlineData(0.6, 0.5, true)]
    [InlineData(0.4, 0.5, false)]
    [InlineData(0.95, 0.1, true)]
    [InlineData(0.85, 0.1, false)]
    public void Keeps_IdAtAPlace_GoesByTheRatio(double place, double ratio, bool expected) =>
        TraceRatio.Keeps(SpanMaker.Trace(place), ratio).ShouldBe(expected);

    [Fact]
    public void Keeps_ManyIds_KeepsThatShare()
    {
        const int Count = 20_000;

        var kept = Enumerable.Range(0, Count).Count(_ => TraceRatio.Keeps(ActivityTraceId.CreateRandom(), 0.25));

        // Six standard deviations.
        Math.Abs(kept - (Count / 4)).ShouldBeLessThan(370);
    }
}
