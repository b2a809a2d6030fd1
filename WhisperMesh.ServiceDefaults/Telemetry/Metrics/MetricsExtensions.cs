using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Metrics;

internal static class MetricsExtensions
{
    /// <summary>Where metrics are served.</summary>
    public const string Path = "/metrics";

    private const string ExemplarFilterKey = "OTEL_METRICS_EXEMPLAR_FILTER";
    private const int MaxScrapeBytes = 16 * 1024 * 1024;

    public static void AddMeshMetrics(this IHostApplicationBuilder builder, TelemetryPlan plan) =>
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        {
            metrics
                .AddMeter(TelemetryExtensions.MeshNames)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddProcessInstrumentation()
                .AddView(HistogramBuckets.For);
            // Said in code, it could not be said otherwise by the environment.
            if (plan.Otlp && string.IsNullOrWhiteSpace(builder.Configuration[ExemplarFilterKey]))
            {
                metrics.SetExemplarFilter(ExemplarFilterType.TraceBased);
            }

            if (plan.Otlp)
            {
                metrics.AddOtlpExporter();
            }

            if (plan.Metrics)
            {
                metrics.AddPrometheusExporter(prometheus =>
                {
                    prometheus.ScrapeEndpointPath = Path;
                    // Names are unique over all meters; the label would only make each series longer.
                    prometheus.ScopeInfoEnabled = false;
                    prometheus.MaxScrapeResponseSizeBytes = MaxScrapeBytes;
                });
            }
        });

    public static void MapMeshMetrics(this WebApplication app) => app
        .MapPrometheusScrapingEndpoint(Path, meterProvider: null, branch => branch.UseMiddleware<MetricsGuard>(), optionsName: null)
        // No API key: MetricsGuard lets readers in.
        .AllowAnonymous()
        .DisableHttpMetrics();
}
