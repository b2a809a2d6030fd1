using Aspire.Dashboard.Telemetry;
using OpenTelemetry.Proto.Collector.Metrics.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>opentelemetry.proto.collector.metrics.v1.MetricsService.</summary>
internal sealed class MetricsReceiver(TelemetryStore store, ResourceReader resources, MetricReader metrics)
    : IOtlpReceiver<ExportMetricsServiceRequest, ExportMetricsServiceResponse>
{
    public static string ServiceName => "opentelemetry.proto.collector.metrics.v1.MetricsService";

    public ExportMetricsServiceResponse Export(ExportMetricsServiceRequest request)
    {
        var unusable = 0;
        foreach (var batch in request.ResourceMetrics)
        {
            var resource = resources.Observe(batch.Resource);
            MetricPoint?[] points = [.. batch.ScopeMetrics.SelectMany(
                scope => scope.Metrics.SelectMany(metric => metrics.Read(resource, scope.Scope?.Name ?? "", metric)))];
            store.AddMetrics(resource, [.. points.OfType<MetricPoint>()]);
            unusable += points.Count(point => point is null);
        }

        return unusable == 0 ? new() : new()
        {
            PartialSuccess = new()
            {
                RejectedDataPoints = unusable,
                ErrorMessage = $"{unusable} histogram points had buckets that don't fit their bounds, bounds that don't grow, or too many.",
            },
        };
    }
}
