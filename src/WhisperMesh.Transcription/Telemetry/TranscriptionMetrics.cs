using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Transcription.Telemetry;

internal sealed class TranscriptionMetrics
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    private const string OutcomeTag = "whispermesh.outcome";

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queueDuration;
    private readonly Counter<double> _audio;
    private readonly Counter<long> _segments;

    public TranscriptionMetrics(IMeterFactory meterFactory, WorkerGate gate)
    {
        var meter = meterFactory.Create(TranscriptionTelemetry.Name);
        _duration = meter.CreateHistogram<double>("whispermesh.transcription.duration", "s", "From admission to the end.");
        _queueDuration = meter.CreateHistogram<double>("whispermesh.transcription.queue.duration", "s", "Waiting for a place.");
        _audio = meter.CreateCounter<double>("whispermesh.transcription.audio", "s", "Audio read.");
        _segments = meter.CreateCounter<long>("whispermesh.transcription.segments", "{segment}", "Segments recognised.");
        meter.CreateObservableUpDownCounter(
            "whispermesh.transcription.active", () => gate.Load.ActiveRequestCount, "{request}", "Requests being worked on.");
        meter.CreateObservableUpDownCounter(
            "whispermesh.transcription.queued", () => gate.Load.QueuedRequestCount, "{request}", "Requests waiting.");
    }

    public void Queued(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds);

    public void Recognized(int segments) => _segments.Add(segments);

    public void Ended(string outcome, TimeSpan duration, TimeSpan audio)
    {
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(OutcomeTag, outcome));
        _audio.Add(audio.TotalSeconds);
    }
}
