using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What the dashboard shows of a sender that we did not write: the OpenTelemetry SDK from npm, over both of its exporters.</summary>
public sealed class OtelJsClientTests
{
    private const string Key = "an-otlp-key-for-this-test";
    private const string Token = "a-browser-token-for-this-test";
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grpc")]
    [InlineData("proto")]
    public async Task Export_TracesMetricsAndLogs_AreOnThePages(string protocol)
    {
        var (page, grpc, http) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        await using var dashboard = ServiceProcess.Start("dashboard", Repository.Program("Aspire.Dashboard"), new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{page}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{grpc}",
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://127.0.0.1:{http}",
            ["Dashboard__Frontend__BrowserToken"] = Token,
            ["Dashboard__Otlp__PrimaryApiKey"] = Key,
        });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{page}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await Eventually.HoldsAsync(() => IsHealthyAsync(client), Bound, () => dashboard.Log);

        var sent = await NodeClients.RunAsync("otel-client.mjs", protocol, $"http://127.0.0.1:{(protocol == "grpc" ? grpc : http)}", "js-service", Key);

        var traceId = sent.GetProperty("trace").GetString();
        var detail = await client.GetFromJsonAsync<JsonElement>($"/api/traces/{traceId}", Cancellation);
        var spans = detail.GetProperty("spans");
        spans.EnumerateArray().Select(s => (s.GetProperty("depth").GetInt32(), s.GetProperty("name").GetString())).ShouldBe([(0, "js root"), (1, "js child")]);
        spans[0].GetProperty("attributes").GetProperty("list").GetString().ShouldBe("[a, b]");
        spans[1].GetProperty("events")[0].GetProperty("name").GetString().ShouldBe("js event");
        spans[1].GetProperty("links")[0].GetProperty("spanId").GetString().ShouldBe(sent.GetProperty("root").GetString());
        spans[1].GetProperty("statusMessage").GetString().ShouldBe("js failed");
        var log = detail.GetProperty("logs").EnumerateArray().ShouldHaveSingleItem();
        log.GetProperty("level").GetString().ShouldBe("Warning");
        log.GetProperty("spanId").GetString().ShouldBe(sent.GetProperty("child").GetString());

        var metrics = await client.GetFromJsonAsync<JsonElement>("/api/metrics?resource=js-service", Cancellation);
        metrics.EnumerateArray().Select(m => m.GetProperty("name").GetString()).Distinct().ShouldBe(["js.duration", "js.requests"], ignoreOrder: true);
        (await client.GetStringAsync("/structuredlogs?level=warning&q=warns", Cancellation)).ShouldContain("js &lt;b&gt;warns&lt;/b&gt;");
        (await client.GetStringAsync("/metrics?instrument=js.duration&dim=model%3Dbase", Cancellation)).ShouldContain("2 measurements in this time");
        (await client.GetStringAsync("/metrics?instrument=js.requests", Cancellation)).ShouldContain("<h2>Rate</h2>");
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync("/health", Cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
