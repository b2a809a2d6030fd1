using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Transcription.Telemetry;

internal sealed class TranscriptionMetrics
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _factor;
    private readonly Counter<double> _audio;
    private readonly Counter<long> _segments;

    public TranscriptionMetrics(IMeterFactory meterFactory, WorkerGate gate)
    {
        var meter = meterFactory.Create(TranscriptionTelemetry.Name);
        _duration = meter.CreateHistogram<double>(TelemetryNames.Metrics.TranscriptionDuration, "s", "From admission to the end.");
        _errors = meter.CreateCounter<long>(TelemetryNames.Metrics.TranscriptionErrors, "{request}", "Requests that failed, by why.");
        _queueDuration = meter.CreateHistogram<double>(TelemetryNames.Metrics.TranscriptionQueue, "s", "Waiting for a place.");
        _factor = meter.CreateHistogram<double>(
            TelemetryNames.Metrics.TranscriptionFactor, "1", "Time that a request took over the length of its audio.");
        _audio = meter.CreateCounter<double>(TelemetryNames.Metrics.TranscriptionAudio, "s", "Audio read.");
        _segments = meter.CreateCounter<long>(TelemetryNames.Metrics.TranscriptionSegments, "{segment}", "Segments recognised.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.TranscriptionActive, () => gate.Load.ActiveRequestCount, "{request}", "Requests being worked on.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.TranscriptionQueued, () => gate.Load.QueuedRequestCount, "{request}", "Requests waiting.");
    }

    public void Queued(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds);

    public void Recognized(int segments) => _segments.Add(segments);

    public void Ended(string outcome, TimeSpan duration, TimeSpan audio)
    {
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Outcome, outcome));
        _audio.Add(audio.TotalSeconds);
        if (outcome == Succeeded && audio > TimeSpan.Zero)
        {
            _factor.Record(duration / audio);
        }
    }

    /// <summary>A request has ended with an error, wherever that was.</summary>
    public void OnError(Exception exception) =>
        _errors.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attributes.ErrorType, ErrorTypes.Of(exception)));
}
