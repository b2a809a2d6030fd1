using Aspire.Dashboard.Telemetry;
using OpenTelemetry.Proto.Metrics.V1;
using DataCase = OpenTelemetry.Proto.Metrics.V1.Metric.DataOneofCase;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads the points of one instrument.</summary>
internal sealed class MetricReader(AttributeReader attributes)
{
    public IEnumerable<MetricPoint> Read(TelemetryResource resource, string meter, Metric metric)
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
            DataCase.Sum => Numbers(common with { Kind = Kind("sum", metric.Sum.AggregationTemporality) }, metric.Sum.DataPoints),
            DataCase.Histogram => Histograms(
                common with { Kind = Kind("histogram", metric.Histogram.AggregationTemporality) }, metric.Histogram),
            DataCase.ExponentialHistogram => Exponentials(
                common with { Kind = Kind("exponential histogram", metric.ExponentialHistogram.AggregationTemporality) },
                metric.ExponentialHistogram),
            DataCase.Summary => metric.Summary.DataPoints.Select(p => common with
            {
                Kind = "summary",
                TimeNanos = p.TimeUnixNano,
                Count = p.Count,
                Sum = p.Sum,
                Attributes = attributes.Read(p.Attributes),
            }),
            _ => [],
        };
    }

    private static string Kind(string name, AggregationTemporality temporality) =>
        temporality == AggregationTemporality.Delta ? $"{name} since last report" : name;

    private IEnumerable<MetricPoint> Numbers(MetricPoint common, IEnumerable<NumberDataPoint> points) =>
        points.Select(p => Number(common, p));

    private MetricPoint Number(MetricPoint common, NumberDataPoint point) => common with
    {
        TimeNanos = point.TimeUnixNano,
        Value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble,
        Attributes = attributes.Read(point.Attributes),
    };

    private IEnumerable<MetricPoint> Histograms(MetricPoint common, Histogram histogram) => histogram.DataPoints.Select(p => common with
    {
        TimeNanos = p.TimeUnixNano,
        Count = p.Count,
        Sum = p.HasSum ? p.Sum : null,
        Min = p.HasMin ? p.Min : null,
        Max = p.HasMax ? p.Max : null,
        Attributes = attributes.Read(p.Attributes),
    });

    private IEnumerable<MetricPoint> Exponentials(MetricPoint common, ExponentialHistogram histogram) =>
        histogram.DataPoints.Select(p => common with
        {
            TimeNanos = p.TimeUnixNano,
            Count = p.Count,
            Sum = p.HasSum ? p.Sum : null,
            Min = p.HasMin ? p.Min : null,
            Max = p.HasMax ? p.Max : null,
            Attributes = attributes.Read(p.Attributes),
        });
}
