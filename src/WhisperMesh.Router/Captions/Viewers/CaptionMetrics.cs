using System.Diagnostics.Metrics;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>Counts channels and viewers.</summary>
internal sealed class CaptionMetrics
{
    private readonly Counter<long> _skipped;

    public CaptionMetrics(IMeterFactory meters, CaptionBoard board)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.CaptionChannels, () => board.Channels.Count(), "{channel}", "Names with captions in memory.");
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.CaptionViewers, () => board.Channels.Sum(channel => channel.ViewerCount), "{viewer}", "Viewers connected.");
        meter.CreateObservableGauge(
            TelemetryNames.Metrics.CaptionUsage, () => board.Channels.Sum(channel => channel.Log.Bytes), "By", "Captions in memory.");
        _skipped = meter.CreateCounter<long>(
            TelemetryNames.Metrics.CaptionSkips, "{skip}", "Times that a slow viewer was taken to the present.");
    }

    public void OnSkipped() => _skipped.Add(1);
}
