using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace WhisperMesh.IntegrationTests.Telemetry;

/// <summary>Takes what the processes of a mesh export, over OTLP and gRPC as a dashboard does, and keeps all of it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app, Received received) => (_app, Received) = (app, received);

    internal Received Received { get; }

    internal Uri Address => new(_app.Urls.Single());

    internal static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        var received = new Received();
        builder.Services.AddSingleton(received);
        var app = builder.Build();
        app.MapGrpcService<Traces>();
        app.MapGrpcService<Logs>();
        app.MapGrpcService<Metrics>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new OtlpReceiver(app, received);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Traces(Received received) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            received.Traces.Enqueue(request);
            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Logs(Received received) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            received.Logs.Enqueue(request);
            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }

    private sealed class Metrics(Received received) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            received.Metrics.Enqueue(request);
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }
}

/// <summary>All that came.</summary>
internal sealed class Received
{
    internal ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

    internal ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];

    internal ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

    /// <summary>The spans of a trace.</summary>
    internal IReadOnlyList<ReceivedSpan> Of(string traceId) =>
    [
        .. from request in Traces
           from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           where Convert.ToHexStringLower(span.TraceId.Span) == traceId
           select new ReceivedSpan(
               resource.Resource.Attributes.First(attribute => attribute.Key == "service.name").Value.StringValue, scope.Scope.Name, span),
    ];
}
