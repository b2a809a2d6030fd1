using Google.Protobuf;
using Grpc.Core;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using Status = OpenTelemetry.Proto.Trace.V1.Status;

namespace Aspire.Dashboard.Tests;

/// <summary>What no honest sender sends must not harm the dashboard nor who looks at it.</summary>
public sealed class HostileSenderTests
{
    private const string Script = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";

    [Theory]
    [InlineData("trace")]
    [InlineData("logs")]
    [InlineData("metrics")]
    public async Task Export_UnreadableMessage_IsInvalidArgumentAndServiceGoesOn(string signal)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        byte[] lengthBeyondEnd = [0x0a, 0x7f, 0x01];

        var error = await Should.ThrowAsync<RpcException>(() => dashboard.ExportAsync(signal, lengthBeyondEnd));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldContain("not a readable Export");
        await dashboard.ExportAsync(signal, []);
    }

    [Fact]
    public async Task Export_RandomBytes_NeverFailsOtherwiseThanInvalidArgument()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            // Half of them start as a well-formed request, so that the damage lies deep.
            var message = round % 2 == 0
                ? Samples.Request(new Resource { Attributes = { Samples.Text("service.name", "s") } }, Samples.OtlpSpan()).ToByteArray()
                : new byte[random.Next(64)];
            for (var flip = 0; flip < 4 && message.Length > 0; flip++)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            try
            {
                await dashboard.ExportAsync(round % 3 == 0 ? "logs" : "trace", message);
            }
            catch (RpcException e)
            {
                e.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            }
        }

        foreach (var path in (string[])["/", "/structuredlogs", "/traces", "/metrics", "/api/traces", "/api/logs"])
        {
            (await dashboard.GetPageAsync(path)).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task Export_MessageAboveLimit_IsResourceExhausted()
    {
        await using var dashboard = await RunningDashboard.StartAsync("--Dashboard:TelemetryLimits:MaxExportBytes", "65536");

        var error = await Should.ThrowAsync<RpcException>(() => dashboard.ExportAsync("trace", Samples.Request(new Resource(), Samples.OtlpSpan(new string('x', 70_000)))));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await dashboard.GetJsonAsync("/api/traces")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Export_SmallMessageThatUnpacksAboveLimit_IsResourceExhausted()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var request = Samples.Request(new Resource(), Samples.OtlpSpan(new string('x', 32 << 20)));

        var error = await Should.ThrowAsync<RpcException>(() => dashboard.ExportAsync("trace", request.ToByteArray(), compress: true));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        await dashboard.ExportAsync("trace", Samples.Request(new Resource(), Samples.OtlpSpan("small")).ToByteArray(), compress: true);
        (await dashboard.GetJsonAsync("/api/traces")).EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("small");
    }

    [Fact]
    public async Task Export_ValuesBeyondLimits_AreCut()
    {
        await using var dashboard = await RunningDashboard.StartAsync(
            "--Dashboard:TelemetryLimits:MaxAttributeLength", "20", "--Dashboard:TelemetryLimits:MaxAttributeCount", "2");
        var span = Samples.OtlpSpan(new string('n', 30));
        var list = new AnyValue { ArrayValue = new ArrayValue() };
        list.ArrayValue.Values.Add(Enumerable.Range(0, 1_000).Select(i => new AnyValue { IntValue = i }));
        span.Attributes.Add([new KeyValue { Key = "list", Value = list }, Samples.Text("text", new string('x', 18) + "😀😀"), Samples.Text("third", "x")]);

        await dashboard.ExportAsync("trace", Samples.Request(new Resource(), span));

        var shown = (await dashboard.GetJsonAsync("/api/traces/" + Convert.ToHexStringLower(span.TraceId.Span))).GetProperty("spans")[0];
        shown.GetProperty("name").GetString().ShouldBe(new string('n', 19) + "…");
        shown.GetProperty("attributes").EnumerateObject().Select(a => (a.Name, a.Value.GetString())).ShouldBe(
            [("list", "[0, 1, 2, 3, 4, 5, …"), ("text", new string('x', 18) + "…")]);
    }

    [Fact]
    public async Task Export_ValueNestedBeyondTheParser_IsInvalidArgument()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var value = new AnyValue { StringValue = "bottom" };
        for (var depth = 0; depth < 200; depth++)
        {
            value = new AnyValue { ArrayValue = new ArrayValue { Values = { value } } };
        }

        var request = new ExportLogsServiceRequest
        {
            ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { new LogRecord { Body = value } } } } } },
        };

        var error = await Should.ThrowAsync<RpcException>(() => dashboard.ExportAsync("logs", request));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Export_SpansWithoutIds_AreRejectedAndTheRestKept()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var noTrace = Samples.OtlpSpan();
        noTrace.TraceId = ByteString.Empty;
        var zeroSpan = Samples.OtlpSpan();
        zeroSpan.SpanId = ByteString.CopyFrom(new byte[8]);

        var answer = ExportTraceServiceResponse.Parser.ParseFrom(
            await dashboard.ExportAsync("trace", Samples.Request(new Resource(), noTrace, Samples.OtlpSpan("good"), zeroSpan)));

        answer.PartialSuccess.RejectedSpans.ShouldBe(2);
        (await dashboard.GetJsonAsync("/api/traces")).EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("good");
    }

    [Fact]
    public async Task Pages_NamesAndAttributesWithMarkup_AreShownAsText()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var resource = new Resource { Attributes = { Samples.Text("service.name", Script), Samples.Text("service.instance.id", Script), Samples.Text(Script, Script) } };
        var span = Samples.OtlpSpan(Script);
        span.Attributes.Add(Samples.Text(Script, Script));
        span.Events.Add(new Span.Types.Event { Name = Script, Attributes = { Samples.Text(Script, Script) } });
        span.Status = new Status { Code = Status.Types.StatusCode.Error, Message = Script };
        var log = new LogRecord { Body = new AnyValue { StringValue = Script }, TraceId = span.TraceId, SpanId = span.SpanId, Attributes = { Samples.Text(Script, Script) } };
        var metric = new Metric { Name = Script, Unit = Script, Description = Script, Gauge = new Gauge { DataPoints = { new NumberDataPoint { Attributes = { Samples.Text(Script, Script) } } } } };
        await dashboard.ExportAsync("trace", Samples.Request(resource, span));
        await dashboard.ExportAsync("logs", new ExportLogsServiceRequest
        {
            ResourceLogs = { new ResourceLogs { Resource = resource, ScopeLogs = { new ScopeLogs { Scope = new InstrumentationScope { Name = Script }, LogRecords = { log } } } } },
        });
        await dashboard.ExportAsync("metrics", new ExportMetricsServiceRequest
        {
            ResourceMetrics = { new ResourceMetrics { Resource = resource, ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = Script }, Metrics = { metric } } } } },
        });

        var traceId = Convert.ToHexStringLower(span.TraceId.Span);
        var query = "?resource=" + Uri.EscapeDataString(Script) + "&q=" + Uri.EscapeDataString(Script[..8]);
        foreach (var path in (string[])["/", "/structuredlogs" + query, "/traces" + query, "/metrics" + query, "/traces/detail/" + traceId])
        {
            var html = await dashboard.GetPageAsync(path);
            html.ShouldContain("alert(1)", customMessage: path);
            html.ShouldNotContain("<script>", customMessage: path);
            html.ShouldNotContain("<img", customMessage: path);
            html.ShouldNotContain("\"'>", customMessage: path);
        }
    }

    [Fact]
    public async Task Pages_Always_ForbidInlineAndForeignContent()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Page.GetAsync("/traces", TestContext.Current.CancellationToken);

        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task Pages_ForeignHostName_IsRefused()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/traces");
        request.Headers.Host = "rebound.example";

        using var response = await dashboard.Page.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
    }
}
