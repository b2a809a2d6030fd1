using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Grpc.Core;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Aspire.Dashboard.Tests;

/// <summary>Senders that follow the form but not the sense: whatever they send, the pages are served after it.</summary>
public sealed class HostileMetricsTests
{
    private static readonly Gen<ulong> Times = Gen.Elements(0ul, 1ul, ulong.MaxValue, ulong.MaxValue - 1, 1_700_000_000_000_000_000ul);
    private static readonly Gen<double> Numbers = Gen.Elements(0, -1, 1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon);

    [Fact]
    public async Task Export_AnySpans_PagesAreServed()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var spans = from trace in Gen.Choose(0, 2)
                    from id in Gen.Choose(0, 5)
                    from parent in Gen.Choose(0, 5)
                    from start in Times
                    from end in Times
                    from eventTime in Times
                    from idLength in Gen.Frequency((9, Gen.Constant(8)), (1, Gen.Choose(0, 40)))
                    from kind in Gen.Elements(0, 3, 99, -1)
                    select new Span
                    {
                        TraceId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)(trace + 1), 16)]),
                        SpanId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)(id + 1), idLength)]),
                        ParentSpanId = ByteString.CopyFrom([.. Enumerable.Repeat((byte)(parent + 1), 8)]),
                        StartTimeUnixNano = start,
                        EndTimeUnixNano = end,
                        Kind = (Span.Types.SpanKind)kind,
                        Events = { new Span.Types.Event { TimeUnixNano = eventTime, Name = "e" } },
                        Links = { new Span.Types.Link { TraceId = ByteString.CopyFrom(1, 2, 3) } },
                    };
        foreach (var batch in Gen.Sample(spans, 20, 40))
        {
            await dashboard.ExportAsync("trace", Samples.Request(new Resource(), batch));
        }

        foreach (var trace in (await dashboard.GetJsonAsync("/api/traces")).EnumerateArray())
        {
            var id = trace.GetProperty("traceId").GetString();
            (await dashboard.GetPageAsync($"/traces/detail/{id}")).ShouldContain("waterfall");
            (await dashboard.GetJsonAsync($"/api/traces/{id}")).GetProperty("spans").GetArrayLength().ShouldBe(trace.GetProperty("spanCount").GetInt32());
        }

        (await dashboard.GetPageAsync("/traces")).ShouldContain("<table");
    }

    [Fact]
    public async Task Export_AnyMetrics_PagesAreServed()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var points = from time in Times
                     from start in Times
                     from value in Numbers
                     from count in Times
                     from bounds in Numbers.ArrayOf()
                     from buckets in Times.ArrayOf()
                     from scale in Gen.Elements(-11, 0, 20, int.MaxValue, int.MinValue)
                     from offset in Gen.Elements(-500, 0, int.MaxValue, int.MinValue)
                     select new[]
                     {
                         new Metric { Name = "g", Gauge = new Gauge { DataPoints = { new NumberDataPoint { TimeUnixNano = time, AsDouble = value } } } },
                         new Metric { Name = "s", Sum = new Sum { IsMonotonic = true, DataPoints = { new NumberDataPoint { StartTimeUnixNano = start, TimeUnixNano = time, AsDouble = value } } } },
                         new Metric { Name = "h", Histogram = new Histogram { DataPoints = { new HistogramDataPoint { StartTimeUnixNano = start, Count = count, Sum = value, Min = value, Max = value, ExplicitBounds = { bounds }, BucketCounts = { buckets } }, new HistogramDataPoint { Count = count, Sum = value, ExplicitBounds = { 1, 2 }, BucketCounts = { count, 0, time } } } } },
                         new Metric { Name = "x", ExponentialHistogram = new ExponentialHistogram { DataPoints = { new ExponentialHistogramDataPoint { Count = count, Scale = scale, Positive = new() { Offset = offset, BucketCounts = { buckets } }, Negative = new() { BucketCounts = { buckets } } } } } },
                         new Metric { Name = "y", Summary = new Summary { DataPoints = { new SummaryDataPoint { Count = count, Sum = value } } } },
                         new Metric { Name = "n" },
                     };
        foreach (var metrics in Gen.Sample(points, 8, 100))
        {
            var request = new ExportMetricsServiceRequest { ResourceMetrics = { new ResourceMetrics { ScopeMetrics = { new ScopeMetrics { Metrics = { metrics } } } } } };
            ExportMetricsServiceResponse.Parser.ParseFrom(await dashboard.ExportAsync("metrics", request));
        }

        (await dashboard.GetPageAsync("/metrics")).ShouldContain("<table");
        (await dashboard.GetJsonAsync("/api/metrics")).GetArrayLength().ShouldBe(5);
        foreach (var name in (string[])["g", "s", "h", "x", "y"])
        {
            (await dashboard.GetPageAsync($"/metrics?instrument={name}&window=20")).ShouldContain("<h2>Series</h2>", customMessage: name);
        }
    }

    [Theory]
    [InlineData("trace")]
    [InlineData("logs")]
    [InlineData("metrics")]
    public async Task Export_AnyBytes_AreReadOrRefused(string signal)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        foreach (var bytes in Gen.Sample(ArbMap.Default.GeneratorFor<byte[]>(), 40, 150))
        {
            try
            {
                await dashboard.ExportAsync(signal, bytes);
            }
            catch (RpcException e)
            {
                e.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            }

            using var response = await dashboard.PostAsync($"/v1/{(signal == "trace" ? "traces" : signal)}", new ByteArrayContent(bytes));
            ((int)response.StatusCode).ShouldBeOneOf(200, 400);
        }

        foreach (var path in (string[])["/", "/structuredlogs", "/traces", "/metrics"])
        {
            (await dashboard.GetPageAsync(path)).ShouldContain("</html>");
        }
    }

    [Fact]
    public async Task Export_EndlessNewSeriesAndResources_StayWithinTheirLimits()
    {
        await using var dashboard = await RunningDashboard.StartAsync(
            "--Dashboard:TelemetryLimits:MaxMetricsCount", "100", "--Dashboard:TelemetryLimits:MaxResourceCount", "10");
        for (var i = 0; i < 50; i++)
        {
            var gauge = new Gauge { DataPoints = { Enumerable.Range(0, 20).Select(p => new NumberDataPoint { AsInt = p, Attributes = { Samples.Text("k", $"{i}/{p}") } }) } };
            await dashboard.ExportAsync("metrics", new ExportMetricsServiceRequest
            {
                ResourceMetrics = { new ResourceMetrics
                {
                    Resource = new Resource { Attributes = { Samples.Text("service.name", $"service {i}") } },
                    ScopeMetrics = { new ScopeMetrics { Metrics = { new Metric { Name = "m", Gauge = gauge } } } },
                } },
            });
        }

        (await dashboard.GetJsonAsync("/api/metrics?limit=2000")).GetArrayLength().ShouldBe(100);
        (await dashboard.GetJsonAsync("/api/resources")).GetArrayLength().ShouldBe(10);
    }
}
