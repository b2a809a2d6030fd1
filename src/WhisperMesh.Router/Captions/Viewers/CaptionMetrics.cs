using System.Diagnostics.Metrics;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Telemetry;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>Counts channels and viewers.</summary>
internal sealed class CaptionMetrics
{
    private readonly Counter<long> _skipped;

    public CaptionMetrics(IMeterFactory meters, CaptionBoard board)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        meter.CreateObservableGauge(
            "whispermesh.router.captions.channels", () => board.Channels.Count(), "{channel}", "Names with captions in memory.");
        meter.CreateObservableGauge(
            "whispermesh.router.captions.viewers", () => board.Channels.Sum(channel => channel.ViewerCount), "{viewer}", "Viewers connected.");
        meter.CreateObservableGauge(
            "whispermesh.router.captions.usage", () => board.Channels.Sum(channel => channel.Log.Bytes), "By", "Captions in memory.");
        _skipped = meter.CreateCounter<long>(
            "whispermesh.router.captions.skips", "{skip}", "Times that a slow viewer was taken to the present.");
    }

    public void OnSkipped() => _skipped.Add(1);
}
