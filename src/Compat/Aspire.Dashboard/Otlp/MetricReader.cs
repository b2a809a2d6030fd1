using Aspire.Dashboard.Telemetry;
using OpenTelemetry.Proto.Metrics.V1;
using DataCase = OpenTelemetry.Proto.Metrics.V1.Metric.DataOneofCase;
using Exemplar = Aspire.Dashboard.Telemetry.Exemplar;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads the points of one instrument.</summary>
internal sealed class MetricReader(AttributeReader attributes)
{
    private const uint NoValue = 1;
    private const int MaxBuckets = 400;
    private const int MaxExemplars = 10;

    /// <summary>Returns null for a point that can't be used; one without a value is left out.</summary>
    public IEnumerable<MetricPoint?> Read(TelemetryResource resource, string meter, Metric metric)
    {
        var common = new MetricPoint
        {
            Resource = resource,
            Meter = AttributeReader.CutName(meter),
            Name = AttributeReader.CutName(metric.Name),
            Description = attributes.Cut(metric.Description),
            Unit = AttributeReader.CutName(metric.Unit),
            Kind = "gauge",
            TimeNanos = 0,
        };
        return metric.DataCase switch
        {
            DataCase.Gauge => Numbers(common, metric.Gauge.DataPoints),
            DataCase.Sum => Numbers(Kind(common, "sum", metric.Sum.AggregationTemporality) with { Shape = ShapeOf(metric.Sum) }, metric.Sum.DataPoints),
            DataCase.Histogram => Histograms(
                Kind(common, "histogram", metric.Histogram.AggregationTemporality) with { Shape = MetricKind.Histogram }, metric.Histogram),
            DataCase.ExponentialHistogram => Exponentials(
                Kind(common, "exponential histogram", metric.ExponentialHistogram.AggregationTemporality) with { Shape = MetricKind.Histogram },
                metric.ExponentialHistogram),
            DataCase.Summary => Summaries(common with { Kind = "summary", Shape = MetricKind.Histogram }, metric.Summary),
            _ => [],
        };
    }

    private static MetricPoint Kind(MetricPoint common, string name, AggregationTemporality temporality) =>
        temporality == AggregationTemporality.Delta ? common with { Kind = $"{name} since last report", IsDelta = true } : common with { Kind = name };

    // A sum of changes in both directions has no rate that says anything, while its total does.
    private static MetricKind ShapeOf(Sum sum) => sum.IsMonotonic ? MetricKind.Counter : MetricKind.Gauge;

    private IEnumerable<MetricPoint> Numbers(MetricPoint common, IEnumerable<NumberDataPoint> points) =>
        points.Where(p => (p.Flags & NoValue) == 0).Select(p => common with
        {
            StartNanos = p.StartTimeUnixNano,
            TimeNanos = p.TimeUnixNano,
            Value = p.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? p.AsInt : p.AsDouble,
            Exemplars = ReadExemplars(p.Exemplars),
            Attributes = attributes.Read(p.Attributes),
        });

    private IEnumerable<MetricPoint?> Histograms(MetricPoint common, Histogram histogram) =>
        histogram.DataPoints.Where(p => (p.Flags & NoValue) == 0).Select(p => !HasUsableBuckets(p) ? null : common with
        {
            StartNanos = p.StartTimeUnixNano,
            TimeNanos = p.TimeUnixNano,
            Count = p.Count,
            Sum = p.HasSum ? p.Sum : null,
            Min = p.HasMin ? p.Min : null,
            Max = p.HasMax ? p.Max : null,
            Bounds = [.. p.ExplicitBounds],
            Buckets = [.. p.BucketCounts],
            Exemplars = ReadExemplars(p.Exemplars),
            Attributes = attributes.Read(p.Attributes),
        });

    private IEnumerable<MetricPoint> Exponentials(MetricPoint common, ExponentialHistogram histogram) =>
        histogram.DataPoints.Where(p => (p.Flags & NoValue) == 0).Select(p => common with
        {
            StartNanos = p.StartTimeUnixNano,
            TimeNanos = p.TimeUnixNano,
            Count = p.Count,
            Sum = p.HasSum ? p.Sum : null,
            Min = p.HasMin ? p.Min : null,
            Max = p.HasMax ? p.Max : null,
            Bounds = ExponentialBuckets.Bounds,
            Buckets = ExponentialBuckets.Read(p),
            Exemplars = ReadExemplars(p.Exemplars),
            Attributes = attributes.Read(p.Attributes),
        });

    private IEnumerable<MetricPoint> Summaries(MetricPoint common, Summary summary) =>
        summary.DataPoints.Where(p => (p.Flags & NoValue) == 0).Select(p => common with
        {
            TimeNanos = p.TimeUnixNano,
            Count = p.Count,
            Sum = p.Sum,
            Attributes = attributes.Read(p.Attributes),
        });

    // The standard's rule: growing bounds and one bucket more than bounds, or neither.
    private static bool HasUsableBuckets(HistogramDataPoint point)
    {
        var (bounds, buckets) = (point.ExplicitBounds, point.BucketCounts);
        return (bounds.Count == 0 && buckets.Count == 0)
            || (buckets.Count == bounds.Count + 1
                && buckets.Count <= MaxBuckets
                && bounds.All(double.IsFinite)
                && bounds.Zip(bounds.Skip(1)).All(pair => pair.First < pair.Second));
    }

    private static Exemplar[] ReadExemplars(IEnumerable<OpenTelemetry.Proto.Metrics.V1.Exemplar> exemplars) =>
    [
        .. exemplars.Select(e => new Exemplar(
            e.TimeUnixNano,
            e.ValueCase == OpenTelemetry.Proto.Metrics.V1.Exemplar.ValueOneofCase.AsInt ? e.AsInt : e.AsDouble,
            AttributeReader.ReadId(e.TraceId, 16),
            AttributeReader.ReadId(e.SpanId, 8)))
            .Where(e => e.TraceId.Length > 0).TakeLast(MaxExemplars),
    ];
}
