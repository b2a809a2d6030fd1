using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace Aspire.Dashboard.Tests;

/// <summary>
/// As many spans as a thousand a second make in a minute, at once; with WHISPERMESH_PACED_MINUTES set they come at that pace, for that long.
/// </summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int SpansPerBatch = 250;
    private const int SpansPerSecond = 1_000;
    private const int SpansOfAMinute = 60_000;
    private const long MaxSignalBytes = 16 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AThousandSpansASecondForAMinute_StaysWithinItsMemory()
    {
        await using var dashboard = await RunningDashboard.StartAsync(
            "--Dashboard:TelemetryLimits:MaxSignalBytes", MaxSignalBytes.ToString(CultureInfo.InvariantCulture));
        var paced = double.TryParse(Environment.GetEnvironmentVariable("WHISPERMESH_PACED_MINUTES"), CultureInfo.InvariantCulture, out var minutes);
        var batches = (int)(SpansOfAMinute * (paced ? minutes : 1)) / SpansPerBatch;
        await SendAsync(dashboard, 4, paced: false);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();

        // Somebody watches meanwhile, which is when it costs most.
        var watching = WatchAsync(dashboard);
        await SendAsync(dashboard, batches, paced);
        var seconds = clock.Elapsed.TotalSeconds;
        await dashboard.PostAsync("/v1/traces", new ByteArrayContent(Batch(0).ToByteArray()));
        var pages = await watching;

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine(FormattableString.Invariant(
            $"{batches * SpansPerBatch} spans in {seconds:0.0} s, {pages} pages meanwhile, heap grown by {grown >> 20} MiB, working set {Environment.WorkingSet >> 20} MiB"));
        grown.ShouldBeLessThan(3 * MaxSignalBytes);
        var traces = await dashboard.GetJsonAsync("/api/traces?limit=2000");
        traces.GetArrayLength().ShouldBeInRange(500, 2_000);
        traces[0].GetProperty("spanCount").GetInt32().ShouldBe(10);
        (await dashboard.GetJsonAsync("/api/resources"))[0].GetProperty("spanCount").GetInt64().ShouldBe((batches + 5) * SpansPerBatch);

        async Task<int> WatchAsync(RunningDashboard watched)
        {
            var count = 0;
            while (clock.IsRunning && (await watched.GetJsonAsync("/api/resources"))[0].GetProperty("spanCount").GetInt64() < (batches + 4) * SpansPerBatch)
            {
                (await watched.GetPageAsync("/traces")).ShouldContain("operation 0");
                count++;
            }

            return count;
        }
    }

    private static async Task SendAsync(RunningDashboard dashboard, int batches, bool paced)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds((double)SpansPerBatch / SpansPerSecond));
        for (var batch = 0; batch < batches; batch++)
        {
            if (paced)
            {
                await timer.WaitForNextTickAsync(Cancellation);
            }

            await dashboard.ExportAsync("trace", Batch(batch));
        }
    }

    /// <summary>Traces of ten spans with the attributes that a web service's have.</summary>
    private static IMessage Batch(int number)
    {
        var spans = new List<Span>(SpansPerBatch);
        for (var trace = 0; trace < SpansPerBatch / 10; trace++)
        {
            var root = Samples.OtlpSpan("operation 0");
            spans.Add(root);
            for (var i = 1; i < 10; i++)
            {
                var span = Samples.OtlpSpan($"operation {i}");
                span.TraceId = root.TraceId;
                span.ParentSpanId = root.SpanId;
                span.Attributes.Add([Samples.Text("http.request.method", "POST"), Samples.Text("http.route", "/v1/audio/transcriptions"), Samples.Text("batch", $"{number}")]);
                spans.Add(span);
            }
        }

        return Samples.Request(new Resource { Attributes = { Samples.Text("service.name", "busy") } }, spans);
    }
}
