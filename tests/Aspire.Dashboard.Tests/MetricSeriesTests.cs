using Aspire.Dashboard.Charts;
using Aspire.Dashboard.Otlp;
using Aspire.Dashboard.Telemetry;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Proto.Metrics.V1;

namespace Aspire.Dashboard.Tests;

/// <summary>What becomes of points over time, and what charts make of them.</summary>
public sealed class MetricSeriesTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(55));
    private readonly TelemetryStore _store;
    private readonly ulong _start;

    public MetricSeriesTests()
    {
        _store = Samples.Store(time: _time);
        _start = UnixNanos.From(_time.GetUtcNow());
    }

    [Fact]
    public void Counter_Cumulative_IsARatePerSecond()
    {
        foreach (var total in (double[])[10, 20, 45])
        {
            Add(Counter(total));
            _time.Advance(MetricSeries.SlotTime);
        }

        Rates().ShouldBe([2, 2, 5]);
    }

    [Fact]
    public void Counter_SenderBeganAnew_CountsFromZeroAgain()
    {
        Add(Counter(100));
        _time.Advance(MetricSeries.SlotTime);
        Add(Counter(10));
        _time.Advance(MetricSeries.SlotTime);
        Add(Counter(20) with { StartNanos = _start + 1 });
        _time.Advance(MetricSeries.SlotTime);

        Rates().ShouldBe([20, 2, 4]);
    }

    [Fact]
    public void Counter_BegunLongAgo_ShowsNoFalsePeak()
    {
        Add(Counter(1_000_000) with { StartNanos = 1 });
        _time.Advance(MetricSeries.SlotTime);
        Add(Counter(1_000_005) with { StartNanos = 1 });
        _time.Advance(MetricSeries.SlotTime);

        Rates().ShouldBe([1]);
    }

    [Fact]
    public void Counter_ReportsOfChanges_AddUp()
    {
        Add(Counter(5) with { IsDelta = true });
        Add(Counter(5) with { IsDelta = true });
        _time.Advance(MetricSeries.SlotTime);

        Rates().ShouldBe([2]);
    }

    [Fact]
    public void Histogram_TwoSeries_AreOneSetOfQuantiles()
    {
        Add(Histogram("a", 10, 0, 0), Histogram("b", 0, 10, 0));

        var (bounds, counts) = MetricCharts.Total(Series(), Window());
        var chart = Charts().First();

        counts.ShouldBe([10, 10, 0]);
        Quantile.Of(0.5, bounds, counts).ShouldBe(1);
        chart.Title.ShouldBe("Quantiles");
        chart.Lines.Select(line => line.Label).ShouldBe(["p50", "p90", "p99"]);
        chart.Lines[0].Points.ShouldHaveSingleItem().Value.ShouldBe(1);
    }

    [Fact]
    public void Histogram_BoundsChange_BeginsAnewInsteadOfMixing()
    {
        Add(Histogram("a", 10, 10, 0));
        Add(Histogram("a", 10, 10, 0) with { Bounds = [7], Buckets = [1, 2] });

        Series().ShouldHaveSingleItem().Samples[^1].Buckets.Length.ShouldBe(2);
        Charts().ShouldNotBeEmpty();
    }

    [Fact]
    public void Add_ManyPoints_KeepsTwentyMinutes()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Add(Counter(i));
            _time.Advance(MetricSeries.SlotTime);
        }

        Series().ShouldHaveSingleItem().Samples.Count.ShouldBeInRange(MetricSeries.MaxSamples, MetricSeries.MaxSamples + 60);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.MaxValue)]
    public void Values_NoNumbers_LeaveTheRestReadable(double odd)
    {
        Add(Counter(1), Gauge(1), Histogram("a", 1, 0, 0));
        _time.Advance(MetricSeries.SlotTime);
        Add(Counter(odd), Gauge(odd), Histogram("a", 2, 0, 0) with { Sum = odd, Min = odd, Max = odd });
        _time.Advance(MetricSeries.SlotTime);
        Add(Counter(11), Gauge(3), Histogram("a", 3, 0, 0));
        _time.Advance(MetricSeries.SlotTime);

        foreach (var name in (string[])["counter", "gauge", "histogram"])
        {
            foreach (var chart in MetricCharts.Of(Series(name), Window(), p => p.Name))
            {
                chart.Lines.ShouldAllBe(line => line.Points.All(p => double.IsFinite(p.Value)));
                chart.Lines.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void Charts_ManySeries_ShowTheLargestAndCountTheRest()
    {
        Add([.. Enumerable.Range(0, 20).Select(i => Gauge(i) with { Attributes = [new("n", $"{i:00}")] })]);

        var chart = MetricCharts.Of(Series("gauge"), Window(), p => p.Attributes[0].Value).ShouldHaveSingleItem();

        chart.Lines.Select(line => line.Label).ShouldBe(Enumerable.Range(12, 8).Select(i => $"{i:00}"));
        chart.OmittedLines.ShouldBe(12);
    }

    [Fact]
    public void ExponentialBuckets_Values_KeepTheirPlace()
    {
        // Scale 0: each bucket doubles. Offset 2 holds what is above 4 and up to 8.
        var buckets = ExponentialBuckets.Read(new ExponentialHistogramDataPoint
        {
            Scale = 0,
            ZeroCount = 3,
            Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = 2, BucketCounts = { 10 } },
        });

        var shown = Quantile.Of(0.9, ExponentialBuckets.Bounds, [.. buckets.Select(b => (double)b)])!.Value;

        buckets[0].ShouldBe(3ul);
        shown.ShouldBeInRange(4, 8);
    }

    [Theory]
    [InlineData(int.MinValue, int.MaxValue)]
    [InlineData(int.MaxValue, int.MinValue)]
    [InlineData(0, int.MaxValue)]
    public void ExponentialBuckets_AbsurdScaleOrOffset_StaysWithin(int scale, int offset)
    {
        var buckets = ExponentialBuckets.Read(new ExponentialHistogramDataPoint
        {
            Scale = scale,
            Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = offset, BucketCounts = { 1, ulong.MaxValue, 3 } },
        });

        buckets.Length.ShouldBe(ExponentialBuckets.Bounds.Length + 1);
    }

    private void Add(params MetricPoint[] points) => _store.AddMetrics(Samples.Resource, points);

    private IReadOnlyList<MetricSeriesSnapshot> Series(string name = "") => _store.GetSeries(p => name.Length == 0 || p.Name == name);

    private ChartWindow Window() => ChartWindow.Ending(_time.GetUtcNow(), TimeSpan.FromMinutes(20));

    private IReadOnlyList<Chart> Charts() => MetricCharts.Of(Series(), Window(), p => p.Name);

    private double[] Rates() => [.. Charts().ShouldHaveSingleItem().Lines.ShouldHaveSingleItem().Points.Select(p => p.Value)];

    private MetricPoint Counter(double total) => Point("counter") with { Shape = MetricKind.Counter, Value = total };

    private MetricPoint Gauge(double value) => Point("gauge") with { Value = value };

    private MetricPoint Histogram(string attribute, params ulong[] buckets) => Point("histogram") with
    {
        Shape = MetricKind.Histogram,
        Count = buckets.Aggregate(0ul, (sum, n) => sum + n),
        Sum = 1,
        Bounds = [1, 2],
        Buckets = buckets,
        Attributes = [new("kind", attribute)],
    };

    private MetricPoint Point(string name) =>
        new() { Resource = Samples.Resource, Meter = "meter", Name = name, Kind = name, StartNanos = _start, TimeNanos = 1 };
}
