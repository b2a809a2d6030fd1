using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Tests.Shared.Observability;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.Transcription.Tests;

/// <summary>Dashboard and alert rules ask for what a worker really serves.</summary>
[Collection(RunningWorker.Collection)]
public sealed class WorkerMetricsTests(RunningWorker worker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfTranscriptionWorkers_NameMetricsThatAreServed()
    {
        AllInstruments.Touch(worker.Services.GetRequiredService<IMeterFactory>());
        using var http = new HttpClient { BaseAddress = worker.HttpAddress };

        // Other hosts of this process, which other tests have, measure under the same names and are told of as well.
        var lines = (await http.GetStringAsync("/metrics", Token)).Split('\n').DistinctBy(SeriesOf);
        var families = PrometheusText.Parse(string.Join('\n', lines) + '\n');

        QueryCheck.UnknownNames(ObservabilityFiles.All(), families, IsWorkers).ShouldBeEmpty();
    }

    private static string SeriesOf(string line) => line.StartsWith('#') || !line.Contains(' ', StringComparison.Ordinal)
        ? line
        : line[..(line.LastIndexOf('}') is > 0 and var end ? end : line.IndexOf(' ', StringComparison.Ordinal))];

    private static bool IsWorkers(string name) =>
        name.StartsWith("whispermesh_transcription_", StringComparison.Ordinal) || name.StartsWith("whispermesh_whisper_", StringComparison.Ordinal);
}
