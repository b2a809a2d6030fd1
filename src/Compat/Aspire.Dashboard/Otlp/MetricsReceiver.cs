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
        foreach (var batch in request.ResourceMetrics)
        {
            var resource = resources.Observe(batch.Resource);
            store.AddMetrics(resource, [.. batch.ScopeMetrics.SelectMany(
                scope => scope.Metrics.SelectMany(metric => metrics.Read(resource, scope.Scope?.Name ?? "", metric)))]);
        }

        return new();
    }
}
