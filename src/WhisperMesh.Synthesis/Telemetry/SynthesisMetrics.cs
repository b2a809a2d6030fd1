using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Synthesis.Telemetry;

internal sealed class SynthesisMetrics
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    private const string OutcomeTag = "whispermesh.outcome";

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _firstAudio;
    private readonly Counter<double> _audio;

    public SynthesisMetrics(IMeterFactory meterFactory, WorkerGate gate)
    {
        var meter = meterFactory.Create(SynthesisTelemetry.Name);
        _duration = meter.CreateHistogram<double>("whispermesh.synthesis.duration", "s", "From admission to the end.");
        _queueDuration = meter.CreateHistogram<double>("whispermesh.synthesis.queue.duration", "s", "Waiting for a place.");
        _firstAudio = meter.CreateHistogram<double>("whispermesh.synthesis.first_audio", "s", "From admission to the first audio.");
        _audio = meter.CreateCounter<double>("whispermesh.synthesis.audio", "s", "Audio made.");
        meter.CreateObservableUpDownCounter(
            "whispermesh.synthesis.active", () => gate.Load.ActiveRequestCount, "{request}", "Requests being worked on.");
        meter.CreateObservableUpDownCounter(
            "whispermesh.synthesis.queued", () => gate.Load.QueuedRequestCount, "{request}", "Requests waiting.");
    }

    public void Queued(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds);

    public void FirstAudio(TimeSpan waited) => _firstAudio.Record(waited.TotalSeconds);

    public void Ended(string outcome, TimeSpan duration, TimeSpan audio)
    {
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(OutcomeTag, outcome));
        _audio.Add(audio.TotalSeconds);
    }
}
