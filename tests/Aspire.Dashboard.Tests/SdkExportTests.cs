using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aspire.Dashboard.Tests;

/// <summary>The official OpenTelemetry SDK sends, over its own gRPC exporter.</summary>
public sealed partial class SdkExportTests
{
    [Fact]
    public async Task Export_ActivitiesOfTwoServices_AreOneNestedTrace()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var routerSource = new ActivitySource("Test.Router." + Guid.NewGuid());
        using var workerSource = new ActivitySource("Test.Worker." + Guid.NewGuid());
        using var router = Tracer("test-router", routerSource, dashboard);
        using var worker = Tracer("test-worker", workerSource, dashboard);
        string traceId;
        using (var request = routerSource.StartActivity("POST /v1/audio/transcriptions", ActivityKind.Server)!)
        {
            traceId = request.TraceId.ToHexString();
            using (routerSource.StartActivity("admit"))
            {
            }

            using var relay = routerSource.StartActivity("Transcribe", ActivityKind.Client)!;
            using var transcribe = workerSource.StartActivity("Transcribe", ActivityKind.Server, relay.Context)!;
            using var decode = workerSource.StartActivity("decode")!;
            decode.SetTag("whispermesh.tokens", 42).AddEvent(new ActivityEvent("first token"));
            decode.SetStatus(ActivityStatusCode.Error, "too hot");
        }

        router.ForceFlush().ShouldBeTrue();
        worker.ForceFlush().ShouldBeTrue();

        var traces = await dashboard.GetJsonAsync("/api/traces");
        traces.GetArrayLength().ShouldBe(1);
        traces[0].GetProperty("name").GetString().ShouldBe("POST /v1/audio/transcriptions");
        traces[0].GetProperty("services").EnumerateArray().Select(s => s.GetString()).ShouldBe(["test-router", "test-worker"], ignoreOrder: true);
        traces[0].GetProperty("errorCount").GetInt32().ShouldBe(1);
        var spans = (await dashboard.GetJsonAsync("/api/traces/" + traceId)).GetProperty("spans").EnumerateArray().ToArray();
        spans.Select(s => (s.GetProperty("depth").GetInt32(), s.GetProperty("service").GetString(), s.GetProperty("name").GetString())).ShouldBe(
        [
            (0, "test-router", "POST /v1/audio/transcriptions"),
            (1, "test-router", "admit"),
            (1, "test-router", "Transcribe"),
            (2, "test-worker", "Transcribe"),
            (3, "test-worker", "decode"),
        ]);
        spans[4].GetProperty("attributes").GetProperty("whispermesh.tokens").GetString().ShouldBe("42");
        spans[4].GetProperty("events")[0].GetProperty("name").GetString().ShouldBe("first token");
        spans[4].GetProperty("statusMessage").GetString().ShouldBe("too hot");
        spans[3].GetProperty("kind").GetString().ShouldBe("Server");
        var page = await dashboard.GetPageAsync("/traces/detail/" + traceId);
        page.ShouldContain("test-worker</b> <span>decode</span>");
        page.ShouldContain("too hot");
    }

    [Fact]
    public async Task Export_LogWithinActivity_CarriesItsTraceAndLevel()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var source = new ActivitySource("Test.Logs." + Guid.NewGuid());
        using var tracer = Tracer("test-worker", source, dashboard);
        string traceId;
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("test-worker"));
            options.AddOtlpExporter(otlp => Configure(otlp, dashboard));
        })))
        using (var activity = source.StartActivity("work")!)
        {
            traceId = activity.TraceId.ToHexString();
            LogLate(factory.CreateLogger("Test.Category"), 3);
        }

        var logs = await dashboard.GetJsonAsync("/api/logs?level=warning&resource=test-worker&q=LATE&trace=" + traceId);
        logs.GetArrayLength().ShouldBe(1);
        logs[0].GetProperty("message").GetString().ShouldBe("Late by 3 s");
        logs[0].GetProperty("level").GetString().ShouldBe("Warning");
        logs[0].GetProperty("category").GetString().ShouldBe("Test.Category");
        logs[0].GetProperty("attributes").GetProperty("Seconds").GetString().ShouldBe("3");
        (await dashboard.GetJsonAsync("/api/logs?level=error")).GetArrayLength().ShouldBe(0);
        (await dashboard.GetJsonAsync("/api/logs?resource=other")).GetArrayLength().ShouldBe(0);
        (await dashboard.GetPageAsync("/structuredlogs")).ShouldContain($"/traces/detail/{traceId}#span-");
    }

    [Fact]
    public async Task Export_CounterAndHistogram_ShowLatestValuesAndCharts()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var meter = new Meter("Test.Meter." + Guid.NewGuid());
        using var provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("test-worker"))
            .AddMeter(meter.Name)
            .AddOtlpExporter(otlp => Configure(otlp, dashboard))
            .Build();
        var counter = meter.CreateCounter<long>("test.requests", "{request}");
        var histogram = meter.CreateHistogram<double>("test.duration", "s");
        counter.Add(2, new KeyValuePair<string, object?>("model", "base"));
        provider.ForceFlush().ShouldBeTrue();
        counter.Add(3, new KeyValuePair<string, object?>("model", "base"));
        histogram.Record(0.5);
        histogram.Record(1.5);

        provider.ForceFlush().ShouldBeTrue();

        var metrics = (await dashboard.GetJsonAsync("/api/metrics?resource=test-worker")).EnumerateArray().ToArray();
        metrics.Length.ShouldBe(2);
        var requests = metrics.Single(m => m.GetProperty("name").GetString() == "test.requests");
        requests.GetProperty("value").GetDouble().ShouldBe(5);
        requests.GetProperty("attributes").GetProperty("model").GetString().ShouldBe("base");
        var duration = metrics.Single(m => m.GetProperty("name").GetString() == "test.duration");
        duration.GetProperty("count").GetInt64().ShouldBe(2);
        duration.GetProperty("sum").GetDouble().ShouldBe(2);
        duration.GetProperty("max").GetDouble().ShouldBe(1.5);
        (await dashboard.GetPageAsync("/metrics")).ShouldContain("mean 1 s</b>, 0.5 to 1.5<br>");
        var chart = await dashboard.GetPageAsync("/metrics?instrument=test.duration&resource=test-worker");
        chart.ShouldContain("<h2>Quantiles</h2>");
        chart.ShouldContain("p99");
        chart.ShouldContain("2 measurements in this time");
        var rates = await dashboard.GetPageAsync("/metrics?instrument=test.requests&dim=model%3Dbase");
        rates.ShouldContain("<h2>Rate</h2>");
        rates.ShouldContain("request/s");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Late by {Seconds} s")]
    private static partial void LogLate(ILogger logger, int seconds);

    private static TracerProvider Tracer(string service, ActivitySource source, RunningDashboard dashboard) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(service))
        .SetSampler(new AlwaysOnSampler())
        .AddSource(source.Name)
        .AddOtlpExporter(otlp => Configure(otlp, dashboard))
        .Build();

    private static void Configure(OtlpExporterOptions otlp, RunningDashboard dashboard)
    {
        otlp.Endpoint = dashboard.OtlpUri;
        otlp.Protocol = OtlpExportProtocol.Grpc;
    }
}
