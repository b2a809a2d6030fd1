using System.Diagnostics.Metrics;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Measures of the workers as this router sees them.</summary>
internal static class WorkerMetrics
{
    private static readonly (string Name, Func<WorkerStanding, bool> Is)[] States =
    [
        ("available", standing => standing.Available),
        ("ejected", standing => standing.Ejected && !standing.Available),
        ("paused", standing => !standing.Ejected && !standing.Available),
    ];

    public static void Observe(Meter meter, WorkerPool pool)
    {
        var opens = meter.CreateCounter<long>(
            TelemetryNames.Metrics.CircuitOpens, "{worker}", "Times that a worker was left out for a moment, having failed.");
        var ejections = meter.CreateCounter<long>(
            TelemetryNames.Metrics.Ejections, "{worker}", "Times that a worker was left out for longer, having failed often.");
        pool.CircuitOpened += () => opens.Add(1);
        pool.WorkerEjected += () => ejections.Add(1);
        meter.CreateObservableGauge(TelemetryNames.Metrics.Workers, () => Count(pool), "{worker}", "Workers, by what this router makes of them.");
    }

    private static IEnumerable<Measurement<int>> Count(WorkerPool pool)
    {
        var standings = pool.Standings();
        foreach (var (name, matches) in States)
        {
            yield return new Measurement<int>(standings.Count(matches), new KeyValuePair<string, object?>(TelemetryNames.Attributes.State, name));
        }
    }
}
