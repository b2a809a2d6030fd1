using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Charts;

/// <summary>Makes the charts of one instrument from its series: gauges as they are, counters as rates, distributions as quantiles.</summary>
internal static class MetricCharts
{
    public const int MaxLines = 8;
    private static readonly (double Q, string Label)[] Quantiles = [(0.5, "p50"), (0.9, "p90"), (0.99, "p99")];

    public static IReadOnlyList<Chart> Of(IReadOnlyList<MetricSeriesSnapshot> series, ChartWindow window, Func<MetricPoint, string> label) =>
        series[0].Latest.Shape switch
        {
            MetricKind.Counter => [Lines("Rate", PerSecond(series[0].Latest.Unit), series, window, label, s => Rates(s.Samples, window, x => x.Value))],
            MetricKind.Histogram => [.. Distribution(series, window), Lines("Measurements", "1/s", series, window, label, s => Rates(s.Samples, window, x => x.Count))],
            _ => [Lines("Value", series[0].Latest.Unit, series, window, label, s => Values(s.Samples, window))],
        };

    /// <summary>How many measurements fell into each bucket within the window, over all series that have the same buckets as the first.</summary>
    public static (double[] Bounds, double[] Counts) Total(IReadOnlyList<MetricSeriesSnapshot> series, ChartWindow window)
    {
        var bounds = BoundsOf(series);
        var counts = new double[bounds.Length + 1];
        foreach (var slot in BySlot(series, bounds, window).Values)
        {
            Add(counts, slot);
        }

        return (bounds, counts);
    }

    private static string PerSecond(string unit) => unit.Trim('{', '}') is { Length: > 0 } and not "1" ? $"{unit.Trim('{', '}')}/s" : "1/s";

    private static Chart Lines(
        string title,
        string unit,
        IReadOnlyList<MetricSeriesSnapshot> series,
        ChartWindow window,
        Func<MetricPoint, string> label,
        Func<MetricSeriesSnapshot, IReadOnlyList<ChartPoint>> points)
    {
        // The largest now are the ones to see; their order must not change while they are watched.
        var all = series.Select(s => (Label: label(s.Latest), Points: points(s))).Where(line => line.Points.Count > 0).ToArray();
        var shown = all.OrderByDescending(line => line.Points.Max(p => p.Value)).Take(MaxLines).OrderBy(line => line.Label, StringComparer.Ordinal);
        return new Chart(title, unit, window.From, window.To, [.. shown.Select((line, i) => new ChartLine(line.Label, i, line.Points))])
        {
            OmittedLines = Math.Max(0, all.Length - MaxLines),
        };
    }

    private static IEnumerable<Chart> Distribution(IReadOnlyList<MetricSeriesSnapshot> series, ChartWindow window)
    {
        var bounds = BoundsOf(series);
        if (bounds.Length == 0)
        {
            yield break;
        }

        var slots = BySlot(series, bounds, window);
        var lines = Quantiles.Select((quantile, i) => new ChartLine(quantile.Label, i, [.. slots
            .Select(slot => (slot.Key, Value: Quantile.Of(quantile.Q, bounds, slot.Value)))
            .Where(point => point.Value is not null)
            .Select(point => new ChartPoint(point.Key, point.Value!.Value))]));
        yield return new Chart("Quantiles", series[0].Latest.Unit, window.From, window.To, [.. lines.Where(line => line.Points.Count > 0)])
        {
            Marks = [.. series.SelectMany(s => s.Exemplars).Select(Mark).Where(mark => mark.Slot >= window.From && mark.Slot <= window.To + 1)],
        };
    }

    private static ChartMark Mark(Exemplar exemplar) => new(
        (UnixNanos.ToTime(exemplar.TimeNanos) - DateTimeOffset.UnixEpoch) / MetricSeries.SlotTime, exemplar.Value, exemplar.TraceId, exemplar.SpanId);

    private static double[] BoundsOf(IReadOnlyList<MetricSeriesSnapshot> series) =>
        series.Select(s => s.Latest.Bounds).FirstOrDefault(b => b.Length > 0) ?? [];

    /// <summary>What each slot added to each bucket.</summary>
    private static SortedDictionary<long, double[]> BySlot(IReadOnlyList<MetricSeriesSnapshot> series, double[] bounds, ChartWindow window)
    {
        var slots = new SortedDictionary<long, double[]>();
        foreach (var samples in series.Where(s => s.Latest.Bounds.AsSpan().SequenceEqual(bounds)).Select(s => s.Samples))
        {
            foreach (var (before, sample) in samples.Zip(samples.Skip(1)).Where(pair => window.Holds(pair.Second.Slot) && pair.Second.Count > pair.First.Count))
            {
                if (!slots.TryGetValue(sample.Slot, out var counts))
                {
                    slots[sample.Slot] = counts = new double[bounds.Length + 1];
                }

                Add(counts, [.. sample.Buckets.Select((n, i) => (double)n - (i < before.Buckets.Length ? before.Buckets[i] : 0))]);
            }
        }

        return slots;
    }

    private static void Add(double[] counts, double[] more)
    {
        for (var i = 0; i < Math.Min(counts.Length, more.Length); i++)
        {
            counts[i] += Math.Max(0, more[i]);
        }
    }

    private static ChartPoint[] Values(IReadOnlyList<MetricSample> samples, ChartWindow window) =>
        [.. samples.Where(s => window.Holds(s.Slot) && double.IsFinite(s.Value)).Select(s => new ChartPoint(s.Slot, s.Value))];

    private static ChartPoint[] Rates(IReadOnlyList<MetricSample> samples, ChartWindow window, Func<MetricSample, double> total) =>
    [
        .. samples.Zip(samples.Skip(1)).Where(pair => window.Holds(pair.Second.Slot)).Select(pair => new ChartPoint(
            pair.Second.Slot,
            Math.Max(0, total(pair.Second) - total(pair.First)) / window.SecondsBetween(pair.First.Slot, pair.Second.Slot))),
    ];
}
