using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Speech.V1;
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
        // The engine's measures are there with its first work.
        await worker.TranscribeAsync(new TranscriptionConfig(), RunningWorker.Recording("en-sorry"), Token);
        AllInstruments.Touch(worker.Services.GetRequiredService<IMeterFactory>());
        using var http = new HttpClient { BaseAddress = worker.HttpAddress };

        var families = PrometheusText.Parse(ServedText.FirstOfEach(await http.GetStringAsync("/metrics", Token)));

        QueryCheck.UnknownNames(ObservabilityFiles.All(), families, IsWorkers).ShouldBeEmpty();
    }

    private static bool IsWorkers(string name) =>
        name.StartsWith("whispermesh_transcription_", StringComparison.Ordinal) || name.StartsWith("whispermesh_whisper_", StringComparison.Ordinal);
}
