using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Workers;

namespace WhisperMesh.Synthesis.Telemetry;

internal sealed class SynthesisMetrics
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _firstAudio;
    private readonly Histogram<double> _factor;
    private readonly Counter<long> _errors;
    private readonly Counter<double> _audio;

    public SynthesisMetrics(IMeterFactory meterFactory, WorkerGate gate)
    {
        var meter = meterFactory.Create(SynthesisTelemetry.Name);
        _duration = meter.CreateHistogram<double>(TelemetryNames.Metrics.SynthesisDuration, "s", "From admission to the end.");
        _queueDuration = meter.CreateHistogram<double>(TelemetryNames.Metrics.SynthesisQueue, "s", "Waiting for a place.");
        _firstAudio = meter.CreateHistogram<double>(TelemetryNames.Metrics.SynthesisFirstAudio, "s", "From admission to the first audio.");
        _factor = meter.CreateHistogram<double>(
            TelemetryNames.Metrics.SynthesisFactor, "1", "Time that a request took over the length of its audio.");
        _errors = meter.CreateCounter<long>(TelemetryNames.Metrics.SynthesisErrors, "{request}", "Requests that failed, by why.");
        _audio = meter.CreateCounter<double>(TelemetryNames.Metrics.SynthesisAudio, "s", "Audio made.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.SynthesisActive, () => gate.Load.ActiveRequestCount, "{request}", "Requests being worked on.");
        meter.CreateObservableUpDownCounter(
            TelemetryNames.Metrics.SynthesisQueued, () => gate.Load.QueuedRequestCount, "{request}", "Requests waiting.");
    }

    public void Queued(TimeSpan waited) => _queueDuration.Record(waited.TotalSeconds);

    public void FirstAudio(TimeSpan waited) => _firstAudio.Record(waited.TotalSeconds);

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
