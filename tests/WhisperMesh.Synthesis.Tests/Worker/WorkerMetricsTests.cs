using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Tests.Shared.Observability;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.Synthesis.Tests.Worker;

/// <summary>Dashboard and alert rules ask for what a worker really serves.</summary>
[Collection(typeof(SharedWorker))]
public sealed class WorkerMetricsTests(RunningWorker worker)
{
    [Fact]
    public async Task Queries_OfSynthesisWorkers_NameMetricsThatAreServed()
    {
        AllInstruments.Touch(worker.Services.GetRequiredService<IMeterFactory>());
        using var http = new HttpClient { BaseAddress = worker.HttpAddress };

        var families = PrometheusText.Parse(ServedText.FirstOfEach(await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)));

        QueryCheck.UnknownNames(
            ObservabilityFiles.All(), families, name => name.StartsWith("whispermesh_synthesis_", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
