using System.Net;
using OpenTelemetry.Proto.Resource.V1;

namespace Aspire.Dashboard.Tests;

public sealed class LiveTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_SomethingArrives_AreTold()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var reader = new StreamReader(await dashboard.Page.GetStreamAsync("/events", Cancellation));
        (await NextAsync(reader)).ShouldBe("data: now");

        await dashboard.ExportAsync("trace", Samples.Request(new Resource(), Samples.OtlpSpan()));

        (await NextAsync(reader)).ShouldBe("data: changed");
    }

    [Fact]
    public async Task Events_MoreViewersThanAllowed_AreRefusedAndTheirPlacesComeFree()
    {
        await using var dashboard = await RunningDashboard.StartAsync("--Dashboard:TelemetryLimits:MaxLiveStreams", "1");
        var first = new StreamReader(await dashboard.Page.GetStreamAsync("/events", Cancellation));
        await NextAsync(first);

        using var refused = await dashboard.Page.GetAsync("/events", Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        first.Dispose();

        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        HttpStatusCode status;
        do
        {
            await timer.WaitForNextTickAsync(Cancellation).AsTask().WaitAsync(Bound, Cancellation);
            using var again = await dashboard.Page.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            status = again.StatusCode;
        }
        while (status != HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("traces", "/api/traces")]
    [InlineData("logs", "/api/logs")]
    [InlineData("metrics", "/api/metrics")]
    public async Task Clear_Signal_ForgetsItForOneServiceOrAll(string signal, string api)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        foreach (var service in (string[])["a", "b"])
        {
            var resource = dashboard.Store.Observe(service, "", []);
            dashboard.Store.AddSpans(resource, [Samples.Span(service, "1") with { Resource = resource }]);
            dashboard.Store.AddLogs(resource, [Samples.Log("hello") with { Resource = resource }]);
            dashboard.Store.AddMetrics(resource, [new() { Resource = resource, Meter = "m", Name = "n", Kind = "gauge", TimeNanos = 1, Value = 1 }]);
        }

        (await dashboard.Page.PostAsync($"/clear/{signal}?resource=a", null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await dashboard.GetJsonAsync(api)).EnumerateArray().ShouldHaveSingleItem().GetProperty("service").GetString().ShouldBe("b");
        await dashboard.Page.PostAsync($"/clear/{signal}", null, Cancellation);
        (await dashboard.GetJsonAsync(api)).GetArrayLength().ShouldBe(0);

        var others = ((string[])["/api/traces", "/api/logs", "/api/metrics"]).Where(path => path != api);
        foreach (var other in others)
        {
            (await dashboard.GetJsonAsync(other)).GetArrayLength().ShouldBe(2, other);
        }
    }

    [Fact]
    public async Task Clear_UnknownSignal_IsNotFound()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        (await dashboard.Page.PostAsync("/clear/everything", null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<string> NextAsync(StreamReader reader)
    {
        while (true)
        {
            var line = await reader.ReadLineAsync(Cancellation).AsTask().WaitAsync(Bound, Cancellation);
            if (line.ShouldNotBeNull("the stream ended").StartsWith("data:", StringComparison.Ordinal))
            {
                return line;
            }
        }
    }
}
