using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Tests.Trust;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    private const string Key = "a-key-of-tests-that-is-long-enough-to-be-one";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_CounterGaugeHistogram_AreInOrder()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        var meter = MeterOf(worker);
        meter.CreateCounter<long>("whispermesh.test.counted", "{thing}", "Things, \"counted\"\nby \\ us.").Add(3, new KeyValuePair<string, object?>("kind", "a\"b\\c\nd"));
        meter.CreateCounter<double>("whispermesh.test.audio", "s", "Audio.").Add(1.5);
        meter.CreateUpDownCounter<long>("whispermesh.test.open", "{thing}", "Things that are open.").Add(2);
        meter.CreateHistogram<double>("whispermesh.test.duration", "s", "Times.").Record(0.3);

        var families = PrometheusText.Parse(await ScrapeAsync(worker));

        families["whispermesh_test_counted_total"].Value(("kind", "a\"b\\c\nd")).ShouldBe(3);
        families["whispermesh_test_audio_seconds_total"].Value().ShouldBe(1.5);
        families["whispermesh_test_open"].Type.ShouldBe("gauge");
        var duration = families["whispermesh_test_duration_seconds"];
        duration.Type.ShouldBe("histogram");
        duration.Samples.Single(sample => sample.Labels.GetValueOrDefault("le") == "0.2").Value.ShouldBe(0);
        duration.Samples.Single(sample => sample.Labels.GetValueOrDefault("le") == "0.35").Value.ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_OfTheProcess_AreThere()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);

        var families = PrometheusText.Parse(await ScrapeAsync(worker));

        families.Keys.ShouldContain("process_cpu_time_seconds_total");
        families.Keys.ShouldContain("process_memory_usage_bytes");
        families.Keys.ShouldContain("process_unix_file_descriptor_count");
        families.Keys.ShouldContain("dotnet_gc_collections_total");
        families["target_info"].LabelNames.ShouldContain("service_name");
    }

    [Fact]
    public async Task Metrics_OpenMetricsWithinATrace_HaveItAsExemplar()
    {
        await using var worker = await TestWorker.StartAsync(null, Token, settings: TelemetrySettings.With(TelemetrySettings.Otlp));
        using var source = new ActivitySource("WhisperMesh.Test");
        string trace;
        using (var activity = source.StartActivity("request").ShouldNotBeNull())
        {
            trace = activity.TraceId.ToHexString();
            MeterOf(worker).CreateHistogram<double>("whispermesh.test.duration", "s", "Times.").Record(0.3);
        }

        using var http = new HttpClient { BaseAddress = worker.Addresses.Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        using var response = await http.SendAsync(request, Token);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/openmetrics-text");
        var families = PrometheusText.Parse(await response.Content.ReadAsStringAsync(Token), openMetrics: true);

        families["whispermesh_test_duration_seconds"].Samples.Select(sample => sample.Exemplar).OfType<MetricExemplar>()
            .ShouldHaveSingleItem().Labels["trace_id"].ShouldBe(trace);
    }

    [Fact]
    public async Task Metrics_MoreSeriesThanAllowed_StopGrowing()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        var counter = MeterOf(worker).CreateCounter<long>("whispermesh.test.many", "{thing}", "Far too many.");
        for (var i = 0; i < 5000; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        }

        var family = PrometheusText.Parse(await ScrapeAsync(worker))["whispermesh_test_many_total"];

        family.Samples.Count.ShouldBeLessThanOrEqualTo(2001);
        family.Samples.Sum(sample => sample.Value).ShouldBe(5000);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData(Key, null, HttpStatusCode.Unauthorized)]
    [InlineData(Key, "Bearer nonsense", HttpStatusCode.Unauthorized)]
    [InlineData(Key, "Basic " + Key, HttpStatusCode.Unauthorized)]
    [InlineData(Key, "Bearer " + Key, HttpStatusCode.OK)]
    public async Task Metrics_OnLoopback_AreOpenUnlessThereIsAKey(string? key, string? authorization, HttpStatusCode expected)
    {
        await using var worker = await TestWorker.StartAsync(
            null, Token, settings: TelemetrySettings.With(new KeyValuePair<string, string?>("Telemetry:MetricsKey", key)));

        using var response = await GetAsync(worker.Addresses.Http, authorization);

        response.StatusCode.ShouldBe(expected);
        response.Headers.WwwAuthenticate.Count.ShouldBe(expected == HttpStatusCode.Unauthorized ? 1 : 0);
    }

    [Theory]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData(null, "Bearer " + Key, HttpStatusCode.Forbidden)]
    [InlineData(Key, null, HttpStatusCode.Unauthorized)]
    [InlineData(Key, "Bearer " + Key, HttpStatusCode.OK)]
    public async Task Metrics_BeyondLoopback_NeedAKey(string? key, string? authorization, HttpStatusCode expected)
    {
        await using var worker = await TestWorker.StartAsync(null, Token, settings: TelemetrySettings.With(
            new("Telemetry:MetricsKey", key),
            new("Endpoints:Address", "0.0.0.0"),
            new("Endpoints:AnnouncedGrpcAddress", "http://127.0.0.1:5"),
            new("Mesh:Secret", Secrets.One)));

        using var response = await GetAsync(new Uri($"http://127.0.0.1:{worker.Addresses.Http.Port}"), authorization);

        response.StatusCode.ShouldBe(expected);
        (await response.Content.ReadAsStringAsync(Token)).Contains("Telemetry:MetricsKey", StringComparison.Ordinal).ShouldBe(expected != HttpStatusCode.OK);
    }

    private static Meter MeterOf(TestWorker worker) => worker.App.Services.GetRequiredService<IMeterFactory>().Create("WhisperMesh.Test");

    private static async Task<string> ScrapeAsync(TestWorker worker)
    {
        using var response = await GetAsync(worker.Addresses.Http, authorization: null);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        return await response.Content.ReadAsStringAsync(Token);
    }

    private static async Task<HttpResponseMessage> GetAsync(Uri address, string? authorization)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await http.SendAsync(request, Token);
    }
}
