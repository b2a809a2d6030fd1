using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using WhisperMesh.ServiceDefaults.Telemetry.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;

namespace WhisperMesh.ServiceDefaults.Telemetry.Traces;

internal static class TracesExtensions
{
    // gRPC's own activity stands between a relay and its HTTP request; left out, the trace would fall into two.
    private const string GrpcClientSource = "Grpc.Net.Client";

    public static void AddMeshTraces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(TelemetryExtensions.MeshNames, GrpcClientSource)
            .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsProbe(context.Request.Path))
            .AddHttpClientInstrumentation(options => options.FilterHttpRequestMessage =
                request => !IsProbe(request.RequestUri?.AbsolutePath))
            .AddProcessor(CreateExport));
        builder.Services.AddTailSampling();
    }

    /// <summary>Probes and scrapes come every few seconds and would bury the traces that matter.</summary>
    internal static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health") || path.StartsWithSegments("/alive") || path.StartsWithSegments(MetricsExtensions.Path)
        || path.StartsWithSegments("/grpc.health.v1.Health");

    private static BaseProcessor<Activity> CreateExport(IServiceProvider services)
    {
        // OpenTelemetry's own, with what the OTEL_* variables say, as AddOtlpExporter makes them.
        var otlp = services.GetRequiredService<IOptionsFactory<OtlpExporterOptions>>().Create(Options.DefaultName);
        var batches = otlp.BatchExportProcessorOptions;
        var export = new BatchActivityExportProcessor(
            new OtlpTraceExporter(otlp),
            batches.MaxQueueSize,
            batches.ScheduledDelayMilliseconds,
            batches.ExporterTimeoutMilliseconds,
            batches.MaxExportBatchSize);
        return services.GetRequiredService<IOptions<TelemetryOptions>>().Value.Sampling.KeepsAll
            ? export
            : new TailSamplingProcessor(services.GetRequiredService<TraceBuffer>(), export);
    }
}
