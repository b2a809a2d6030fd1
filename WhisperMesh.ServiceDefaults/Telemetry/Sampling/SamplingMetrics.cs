using System.Diagnostics.Metrics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>Counts what became of traces.</summary>
internal sealed class SamplingMetrics
{
    /// <summary>Decision on a trace that was not kept.</summary>
    public const string Dropped = "dropped";

    /// <summary>Decision on a trace for which there was no room.</summary>
    public const string Evicted = "evicted";

    private readonly Counter<long> _traces;
    private readonly Counter<long> _lost;

    public SamplingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Sources.Telemetry);
        _traces = meter.CreateCounter<long>(
            TelemetryNames.Metrics.Traces, "{trace}", "Requests' traces by what became of them: dropped, evicted, or why they were kept.");
        _lost = meter.CreateCounter<long>(
            TelemetryNames.Metrics.SpansLost, "{span}", "Spans of traces that had more than can be held.");
    }

    /// <param name="decision">A value of <see cref="KeepReasons"/>, <see cref="Dropped"/> or <see cref="Evicted"/>.</param>
    public void Decided(string decision) => _traces.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Decision, decision));

    public void SpanLost() => _lost.Add(1);
}
