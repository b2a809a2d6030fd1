using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Transcription.Telemetry;
using WhisperMesh.Whisper.Live;

namespace WhisperMesh.Transcription.Live;

/// <summary>Measures of live streams.</summary>
internal sealed class LiveMetrics
{
    public const string Succeeded = TranscriptionMetrics.Succeeded;
    public const string Failed = TranscriptionMetrics.Failed;
    public const string Cancelled = "cancelled";

    /// <summary>Handed back, to go on at another worker.</summary>
    public const string Moved = "moved";

    private const string OutcomeTag = "whispermesh.outcome";

    private readonly Counter<long> _streams;
    private readonly Counter<double> _audio;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _words;
    private readonly Counter<long> _passes;
    private readonly Counter<double> _decoding;

    public LiveMetrics(IMeterFactory meterFactory, LiveGate gate)
    {
        var meter = meterFactory.Create(TranscriptionTelemetry.Name);
        meter.CreateObservableUpDownCounter("whispermesh.transcription.live.active", () => gate.Count, "{stream}", "Live streams served.");
        _streams = meter.CreateCounter<long>("whispermesh.transcription.live.streams", "{stream}", "Live streams that ended.");
        _audio = meter.CreateCounter<double>("whispermesh.transcription.live.audio", "s", "Audio of live streams that ended.");
        _lag = meter.CreateHistogram<double>(
            "whispermesh.transcription.live.lag", "s", "Audio received after the end of a word when it was committed.");
        _words = meter.CreateCounter<long>("whispermesh.transcription.live.words", "{word}", "Words committed.");
        _passes = meter.CreateCounter<long>(
            "whispermesh.transcription.live.passes", "{pass}", "Passes of the model over streams that came to their end.");
        _decoding = meter.CreateCounter<double>("whispermesh.transcription.live.decoding", "s", "Time of the model for these.");
    }

    public void Committed(IEnumerable<TimeSpan> lags)
    {
        foreach (var lag in lags)
        {
            _words.Add(1);
            _lag.Record(lag.TotalSeconds);
        }
    }

    /// <param name="outcome">How it ended.</param>
    /// <param name="audio">Audio that it brought.</param>
    /// <param name="completed">What the engine made of it; null where it did not come to its end.</param>
    public void Ended(string outcome, TimeSpan audio, LiveCompleted? completed)
    {
        _streams.Add(1, new KeyValuePair<string, object?>(OutcomeTag, outcome));
        _audio.Add(audio.TotalSeconds);
        _passes.Add(completed?.Passes ?? 0);
        _decoding.Add(completed?.Decoding.TotalSeconds ?? 0);
    }
}
