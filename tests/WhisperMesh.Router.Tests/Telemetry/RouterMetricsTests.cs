using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Cache;
using WhisperMesh.Router.Captions.Viewers;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Tests.Shared.Observability;
using WhisperMesh.Tests.Shared.Prometheus;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>Dashboard and alert rules ask for what a router really serves.</summary>
public sealed class RouterMetricsTests
{
    // Made with what they measure, when that is first used.
    private static readonly Type[] Lazy = [typeof(RequestMetrics), typeof(CacheTelemetry), typeof(CaptionMetrics), typeof(LiveMetrics), typeof(BudgetMetrics)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OfRouters_NameMetricsThatAreServed()
    {
        await using var router = await RouterHost.StartAsync(Leases.Transcription("t"));
        foreach (var metrics in Lazy)
        {
            router.Services.GetRequiredService(metrics);
        }

        AllInstruments.Touch(router.Services.GetRequiredService<IMeterFactory>());

        var families = PrometheusText.Parse(await router.Http.GetStringAsync("/metrics", Token));

        var queries = ObservabilityFiles.All();
        queries.Count(query => query.Selectors.Any(selector => IsRouters(selector.Name))).ShouldBeGreaterThan(20);
        QueryCheck.UnknownNames(queries, families, IsRouters).ShouldBeEmpty();
    }

    private static bool IsRouters(string name) => name.StartsWith("whispermesh_router_", StringComparison.Ordinal);
}
