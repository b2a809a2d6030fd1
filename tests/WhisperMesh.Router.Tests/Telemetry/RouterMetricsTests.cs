using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;
using WhisperMesh.Tests.Shared.Observability;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>Dashboard and alert rules ask for what a router really serves.</summary>
public sealed class RouterMetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfRouters_NameMetricsThatAreServed()
    {
        await using var router = await RouterHost.StartAsync(SpanCollector.Settings, Leases.Transcription("t"));
        // Made with the first span.
        router.Services.GetRequiredService<SamplingMetrics>();
        AllInstruments.Touch(router.Services.GetRequiredService<IMeterFactory>());

        var families = PrometheusText.Parse(ServedText.FirstOfEach(await router.Http.GetStringAsync("/metrics", Token)));

        var queries = ObservabilityFiles.All();
        queries.Count(query => query.Selectors.Any(selector => IsRouters(selector.Name))).ShouldBeGreaterThan(20);
        QueryCheck.UnknownNames(queries, families, IsRouters).ShouldBeEmpty();
    }

    private static bool IsRouters(string name) =>
        name.StartsWith("whispermesh_router_", StringComparison.Ordinal) || name.StartsWith("whispermesh_telemetry_", StringComparison.Ordinal);
}
