using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>One request on its way through the engine: all its state, none shared.</summary>
internal sealed class TranscriptionJob(WhisperModel model, SileroVad vad, TranscriptionRequest request, RunOptions run)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly SpeechWindower _windower = new(new SileroSpeechFinder(vad));
    private readonly WindowRecognizer _recognizer = new(model, request);
    private readonly SegmentFactory _segments = new(model, request.Translate, request.Thresholds);
    private TimeSpan _voiceActivity;
    private TimeSpan _queued;
    private bool _languageReported;

    public IReadOnlyList<SpeechWindow> Hear(ReadOnlySpan<float> samples)
    {
        var started = Stopwatch.GetTimestamp();
        var windows = _windower.Add(samples);
        _voiceActivity += Stopwatch.GetElapsedTime(started);
        return windows;
    }

    public IReadOnlyList<SpeechWindow> HearEnd()
    {
        var started = Stopwatch.GetTimestamp();
        var windows = _windower.Complete();
        _voiceActivity += Stopwatch.GetElapsedTime(started);
        return windows;
    }

    public async Task<IReadOnlyList<TranscriptionEvent>> RecognizeAsync(SpeechWindow window, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var turn = await model.TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        _queued += Stopwatch.GetElapsedTime(started);
        try
        {
            // Off the caller's thread: it computes for a good part of a second.
            return await Task.Run(() => Recognize(window, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The transcription was cancelled.", exception, cancellationToken);
        }
    }

    public Progressed Progress() => new(SegmentFactory.Time(_windower.Received), SegmentFactory.Time(_windower.Settled));

    public Completed Complete() => new(
        SegmentFactory.Time(_windower.Received),
        SegmentFactory.Time(_windower.SpeechSamples),
        _recognizer.Language,
        new TranscriptionTimings(
            Stopwatch.GetElapsedTime(_started),
            _voiceActivity,
            _queued,
            _recognizer.Clock.Features,
            _recognizer.Clock.Encoding,
            _recognizer.Clock.Decoding));

    private List<TranscriptionEvent> Recognize(SpeechWindow window, CancellationToken cancellationToken)
    {
        var text = _recognizer.Recognize(window, run, cancellationToken);
        var events = new List<TranscriptionEvent>();
        if (!_languageReported && _recognizer.Detected is { } probabilities)
        {
            _languageReported = true;
            events.Add(new LanguageDetected(_recognizer.Language!, probabilities));
        }
        if (text is not null)
        {
            events.AddRange(_segments.Make(window, text, _recognizer.Language!).Select(segment => new SegmentRecognized(segment)));
        }
        return events;
    }
}
