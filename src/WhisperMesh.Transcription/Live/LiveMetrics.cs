using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;
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

    private static readonly KeyValuePair<string, object?> CommittedWords = new(TelemetryNames.Attributes.Words, "committed");
    private static readonly KeyValuePair<string, object?> ShownWords = new(TelemetryNames.Attributes.Words, "shown");

    private const string OutcomeTag = TelemetryNames.Attributes.Outcome;

    private readonly Counter<long> _streams;
    private readonly Counter<double> _audio;
    private readonly Histogram<double> _lag;
    private readonly Counter<long> _words;
    private readonly Counter<long> _passes;
    private readonly Counter<double> _decoding;

    public LiveMetrics(IMeterFactory meterFactory, LiveGate gate)
    {
        var meter = meterFactory.Create(TranscriptionTelemetry.Name);
        meter.CreateObservableUpDownCounter(TelemetryNames.Metrics.WorkerLiveActive, () => gate.Count, "{stream}", "Live streams served.");
        _streams = meter.CreateCounter<long>(TelemetryNames.Metrics.WorkerLiveStreams, "{stream}", "Live streams that ended.");
        _audio = meter.CreateCounter<double>(TelemetryNames.Metrics.WorkerLiveAudio, "s", "Audio of live streams that ended.");
        _lag = meter.CreateHistogram<double>(
            TelemetryNames.Metrics.WorkerLiveLag, "s", "Audio received after the end of a word when it was committed, or after the last words that were shown.");
        _words = meter.CreateCounter<long>(TelemetryNames.Metrics.WorkerLiveWords, "{word}", "Words committed.");
        _passes = meter.CreateCounter<long>(
            TelemetryNames.Metrics.WorkerLivePasses, "{pass}", "Passes of the model over streams that came to their end.");
        _decoding = meter.CreateCounter<double>(TelemetryNames.Metrics.WorkerLiveDecoding, "s", "Time of the model for these.");
    }

    public void Committed(IEnumerable<TimeSpan> lags)
    {
        foreach (var lag in lags)
        {
            _words.Add(1);
            _lag.Record(lag.TotalSeconds, CommittedWords);
        }
    }

    /// <param name="lag">Audio received after the end of what was heard for words that are not yet certain; null: there are none.</param>
    public void Shown(TimeSpan? lag)
    {
        if (lag is { } late)
        {
            _lag.Record(late.TotalSeconds, ShownWords);
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
