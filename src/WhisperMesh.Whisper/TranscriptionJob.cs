using System.Diagnostics;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>
/// One channel of a request on its way through the engine: finds windows as samples come, lets several of them go through the batch
/// at once and reports them in the order of the audio. Not thread-safe.
/// </summary>
internal sealed class TranscriptionJob
{
    private readonly SpeechWindower _windower;
    private readonly LevelNormalizer _levels = new();
    private readonly WindowRecognizer _recognizer;
    private readonly WindowSequence _windows;
    private readonly long _started = Stopwatch.GetTimestamp();
    private float[] _leveled = [];
    private readonly long _resumeFrom;
    private long _skipped;
    private TimeSpan _voiceActivity;

    public TranscriptionJob(
        WhisperModel model, SileroVad vad, TranscriptionRequest request, int? channel, CancellationToken cancellationToken)
    {
        _resumeFrom = (long)(request.ResumeFrom.TotalSeconds * LogMel.SampleRateHz);
        _windower = new SpeechWindower(new SileroSpeechFinder(vad, request.Speech), model.Options.Window, request.Speech.Prefix);
        _recognizer = new WindowRecognizer(model, request, RequestTrace.Join());
        var segments = new SegmentFactory(model, request.Translate, request.Thresholds, channel, _resumeFrom);
        _windows = new WindowSequence(_recognizer, segments, request, model.Options.Rows, cancellationToken);
    }

    /// <summary>Takes the next samples; gives what has become certain.</summary>
    public Task<List<TranscriptionEvent>> HearAsync(ReadOnlyMemory<float> samples) =>
        _windows.AddAsync(Timed(() => FindIn(samples.Span)), atEnd: false);

    /// <summary>The audio is over; gives the rest.</summary>
    public Task<List<TranscriptionEvent>> HearEndAsync() => _windows.AddAsync(Timed(_windower.Complete), atEnd: true);

    /// <summary>Ends when the next window does; null when none is in the batch.</summary>
    public Task? NextDone => _windows.NextDone;

    /// <summary>What has become certain since samples were last heard.</summary>
    public Task<List<TranscriptionEvent>> TakeDoneAsync() => _windows.AddAsync([], atEnd: false);

    public Progressed Progress() => new(
        SegmentFactory.Time(_skipped + _windower.Received),
        SegmentFactory.Time(_skipped + (_windows.Start is { } start ? Math.Min(_windower.Settled, start) : _windower.Settled)));

    public Completed Complete() => new(
        SegmentFactory.Time(_skipped + _windower.Received),
        SegmentFactory.Time(_windower.SpeechSamples),
        _windows.FirstLanguage,
        _recognizer.Clock.Timings(Stopwatch.GetElapsedTime(_started), _voiceActivity))
    {
        Work = _recognizer.Clock.Work(),
        Warnings = _recognizer.Warnings,
    };

    /// <summary>Waits until nothing of the request is in the batch any more, whatever became of it.</summary>
    public async Task EndAsync()
    {
        await _windows.EndAsync().ConfigureAwait(false);
        _recognizer.Trace?.Complete();
    }

    private IReadOnlyList<SpeechWindow> FindIn(ReadOnlySpan<float> samples)
    {
        // What is skipped still sets the level of what follows, as it would have without a break.
        var leveled = Level(samples);
        var skip = (int)Math.Min(_resumeFrom - _skipped, leveled.Length);
        _skipped += skip;
        return skip == leveled.Length ? [] : _windower.Add(leveled[skip..]);
    }

    private ReadOnlySpan<float> Level(ReadOnlySpan<float> samples)
    {
        if (_leveled.Length < samples.Length)
        {
            _leveled = new float[samples.Length];
        }
        _levels.Process(samples, _leveled);
        return _leveled.AsSpan(0, samples.Length);
    }

    private IReadOnlyList<SpeechWindow> Timed(Func<IReadOnlyList<SpeechWindow>> find)
    {
        var started = Stopwatch.GetTimestamp();
        var windows = find();
        _voiceActivity += Stopwatch.GetElapsedTime(started);
        return windows;
    }
}
