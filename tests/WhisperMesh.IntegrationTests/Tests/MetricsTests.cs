using System.Net.Http.Headers;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared.Observability;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>What Prometheus reads of real processes after some work.</summary>
[Collection(StandardMesh.Collection)]
public sealed class MetricsTests(StandardMesh standard)
{
    private static readonly string[] Everywhere =
    [
        "process_cpu_time_seconds_total", "process_memory_usage_bytes", "process_thread_count", "process_unix_file_descriptor_count",
        "dotnet_gc_collections_total", "dotnet_gc_pause_time_seconds_total", "dotnet_thread_pool_thread_count_total", "http_server_request_duration_seconds",
        "target_info",
    ];

    // Of the runtime, the process and the web server.
    private static readonly string[] Families = ["process_", "dotnet_", "http_", "aspnetcore_", "kestrel_"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_AfterSomeWork_AreWhatDashboardAndRulesAskFor()
    {
        await WorkAsync();

        var served = new Dictionary<string, MetricFamily>();
        foreach (var service in standard.Mesh.Workers.Append(standard.Mesh.Router))
        {
            var families = await ScrapeAsync(service, openMetrics: false);

            Everywhere.Except(families.Keys).ShouldBeEmpty(service.Process.Name);
            foreach (var family in families.Values)
            {
                Merge(served, family);
            }
        }

        var queries = ObservabilityFiles.All();
        QueryCheck.UnknownLabels(queries, served).ShouldBeEmpty();
        // What the mesh itself counts is checked beside the code that counts it, where rare events can be made to show.
        QueryCheck.UnknownNames(queries, served, name => Families.Any(family => name.StartsWith(family, StringComparison.Ordinal))).ShouldBeEmpty();
        QueryCheck.UnknownNames(queries, served, name => name.Contains("_duration_seconds", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_OpenMetrics_LeadToTraces()
    {
        await WorkAsync();

        foreach (var service in standard.Mesh.Workers.Append(standard.Mesh.Router))
        {
            var families = await ScrapeAsync(service, openMetrics: true);

            families.Values.Where(family => family.Name.StartsWith("whispermesh_", StringComparison.Ordinal))
                .SelectMany(family => family.Samples)
                .ShouldContain(sample => sample.Exemplar != null && sample.Exemplar.Labels.ContainsKey("trace_id"), service.Process.Name);
        }
    }

    // Enough for both of the transcription workers to have some.
    private async Task WorkAsync()
    {
        var audio = await File.ReadAllBytesAsync(Recordings.Named("en-sorry.wav").Path, Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => standard.Mesh.TextOfAsync(audio, "sorry.wav")));
        using var speech = await standard.Mesh.SpeakAsync(new { model = "tts-1", voice = "alloy", input = "Good morning.", response_format = "wav" });
        speech.IsSuccessStatusCode.ShouldBeTrue();
    }

    private static async Task<IReadOnlyDictionary<string, MetricFamily>> ScrapeAsync(MeshService service, bool openMetrics)
    {
        using var http = new HttpClient { BaseAddress = service.Http };
        if (openMetrics)
        {
            http.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        }

        return PrometheusText.Parse(await http.GetStringAsync("/metrics", Token), openMetrics);
    }

    private static void Merge(Dictionary<string, MetricFamily> served, MetricFamily family)
    {
        if (!served.TryGetValue(family.Name, out var all))
        {
            served[family.Name] = all = new MetricFamily(family.Name, family.Type);
        }

        all.Samples.AddRange(family.Samples);
    }
}
