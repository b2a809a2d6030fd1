using System.Diagnostics.Metrics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Live;

/// <summary>Measures of live streams.</summary>
internal sealed class LiveMetrics
{
    private const string OutcomeTag = TelemetryNames.Attributes.Outcome;

    private readonly Counter<long> _streams;
    private readonly Counter<double> _audio;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _returns;
    private readonly Counter<long> _moves;
    private readonly Counter<double> _replayed;
    private readonly Counter<double> _lost;

    public LiveMetrics(IMeterFactory meters, LiveRegistry registry)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        _streams = meter.CreateCounter<long>(TelemetryNames.Metrics.LiveStreams, "{stream}", "Live streams that ended, by outcome.");
        _audio = meter.CreateCounter<double>(TelemetryNames.Metrics.LiveAudio, "s", "Audio of live streams that ended.");
        _lag = meter.CreateHistogram<double>(
            TelemetryNames.Metrics.LiveLag, "s", "Audio received that waits for its words, at each sign of a worker.");
        _returns = meter.CreateCounter<long>(TelemetryNames.Metrics.LiveReturns, "{connection}", "Clients that came back to their streams.");
        _moves = meter.CreateCounter<long>(TelemetryNames.Metrics.LiveMoves, "{stream}", "Streams that lost their worker.");
        _replayed = meter.CreateCounter<double>(TelemetryNames.Metrics.LiveReplayed, "s", "Audio that was sent to another worker once more.");
        _lost = meter.CreateCounter<double>(TelemetryNames.Metrics.LiveLost, "s", "Audio that could not be kept while no worker was there.");
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.LiveActive, () => registry.Running.Count, "{stream}", "Live streams that run.");
    }

    public void OnEnded(string outcome, TimeSpan audio)
    {
        _streams.Add(1, new KeyValuePair<string, object?>(OutcomeTag, outcome));
        _audio.Add(audio.TotalSeconds);
    }

    public void OnLag(TimeSpan lag) => _lag.Record(lag.TotalSeconds);

    public void OnReturned() => _returns.Add(1);

    public void OnMoved() => _moves.Add(1);

    public void OnReplayed(TimeSpan audio) => _replayed.Add(audio.TotalSeconds);

    public void OnLost(TimeSpan audio) => _lost.Add(audio.TotalSeconds);
}
