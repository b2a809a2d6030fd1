using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Measures of whole requests, from their configuration to their end. Recorded in the request's own span, to which exemplars lead.</summary>
internal sealed class RequestMetrics
{
    private static readonly Dictionary<SegmentVerdict, KeyValuePair<string, object?>> VerdictTags = Enum.GetValues<SegmentVerdict>()
        .ToDictionary(verdict => verdict, verdict => new KeyValuePair<string, object?>(TelemetryNames.Attributes.Verdict, VerdictNames.Of(verdict)));

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<double> _audioIn;
    private readonly Counter<double> _audioOut;
    private readonly Histogram<double> _firstAudio;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _qualityRetries;

    public RequestMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RouterTelemetry.Name);
        _duration = meter.CreateHistogram<double>(TelemetryNames.Metrics.RequestDuration, "s", "From a request's configuration to its end.");
        _errors = meter.CreateCounter<long>(TelemetryNames.Metrics.RequestErrors, "{request}", "Requests that failed, by why.");
        _active = meter.CreateUpDownCounter<long>(TelemetryNames.Metrics.RequestsActive, "{request}", "Requests that run.");
        _audioIn = meter.CreateCounter<double>(TelemetryNames.Metrics.AudioIn, "s", "Audio of requests that were served.");
        _audioOut = meter.CreateCounter<double>(TelemetryNames.Metrics.AudioOut, "s", "Speech that was made.");
        _firstAudio = meter.CreateHistogram<double>(TelemetryNames.Metrics.FirstAudio, "s", "From a text to the first sound of it.");
        _qualityRetries = meter.CreateCounter<long>(
            TelemetryNames.Metrics.QualityRetries, "{request}", "Doubtful results that were to be made again, by whether the first was kept.");
        _verdicts = meter.CreateCounter<long>(TelemetryNames.Metrics.Verdicts, "{segment}", "Segments sent, by what the engine thinks of them.");
    }

    /// <summary>A doubtful result was, or could not be, made again.</summary>
    /// <param name="outcome">What became of the first one.</param>
    public void OnQualityRetry(string outcome) =>
        _qualityRetries.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Attributes.Outcome, outcome));

    public void OnBegun(string operation) => _active.Add(1, Operation(operation));

    public void OnEnded(string operation, string outcome, TimeSpan elapsed)
    {
        _active.Add(-1, Operation(operation));
        _duration.Record(elapsed.TotalSeconds, Operation(operation), new(TelemetryNames.Attributes.Outcome, outcome));
    }

    public void OnError(string operation, string reason) =>
        _errors.Add(1, Operation(operation), new(TelemetryNames.Attributes.ErrorType, reason));

    public void OnAudioIn(string operation, TimeSpan audio) => _audioIn.Add(audio.TotalSeconds, Operation(operation));

    public void OnAudioOut(TimeSpan audio) => _audioOut.Add(audio.TotalSeconds);

    public void OnFirstAudio(TimeSpan elapsed) => _firstAudio.Record(elapsed.TotalSeconds);

    public void OnSegment(SegmentVerdict verdict)
    {
        if (_verdicts.Enabled && VerdictTags.TryGetValue(verdict, out var tag))
        {
            _verdicts.Add(1, tag);
        }
    }

    private static KeyValuePair<string, object?> Operation(string operation) => new(TelemetryNames.Attributes.Operation, operation);
}
