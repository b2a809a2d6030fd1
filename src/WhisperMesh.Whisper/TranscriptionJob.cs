using System.Diagnostics;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>
/// One channel of a request on its way through the engine: finds windows as samples come, lets several of them go through the batch
/// at once and reports them in the order of the audio. Not thread-safe.
/// </summary>
internal sealed class TranscriptionJob
{
    private readonly WhisperModel _model;
    private readonly TranscriptionRequest _request;
    private readonly SpeechWindower _windower;
    private readonly LevelNormalizer _levels = new();
    private readonly WindowRecognizer _recognizer;
    private readonly SegmentFactory _segments;
    private readonly CarriedContext _context;
    private readonly Queue<(SpeechWindow Window, Task<IReadOnlyList<RecognizedWindow>> Work)> _pending = new();
    private readonly CancellationToken _cancellationToken;
    private readonly long _started = Stopwatch.GetTimestamp();
    private float[] _leveled = [];
    private readonly long _resumeFrom;
    private long _skipped;
    private TimeSpan _voiceActivity;
    private string? _language;

    public TranscriptionJob(
        WhisperModel model, SileroVad vad, TranscriptionRequest request, int? channel, CancellationToken cancellationToken)
    {
        (_model, _request, _cancellationToken) = (model, request, cancellationToken);
        _language = request.Language;
        _resumeFrom = (long)(request.ResumeFrom.TotalSeconds * LogMel.SampleRateHz);
        _windower = new SpeechWindower(new SileroSpeechFinder(vad), model.Options.Window);
        _recognizer = new WindowRecognizer(model, request);
        _segments = new SegmentFactory(model, request.Translate, request.Thresholds, channel, _resumeFrom);
        _context = new CarriedContext(new QualityJudge(request.Thresholds));
    }

    /// <summary>Takes the next samples; gives what has become certain.</summary>
    public Task<List<TranscriptionEvent>> HearAsync(ReadOnlyMemory<float> samples) =>
        RecognizeAsync(Timed(() => FindIn(samples.Span)), atEnd: false);

    /// <summary>The audio is over; gives the rest.</summary>
    public Task<List<TranscriptionEvent>> HearEndAsync() => RecognizeAsync(Timed(_windower.Complete), atEnd: true);

    /// <summary>Ends when the next window does; null when none is in the batch.</summary>
    public Task? NextDone => _pending.TryPeek(out var first) ? first.Work : null;

    /// <summary>What has become certain since samples were last heard.</summary>
    public Task<List<TranscriptionEvent>> TakeDoneAsync() => RecognizeAsync([], atEnd: false);

    public Progressed Progress()
    {
        var settled = _pending.TryPeek(out var first) ? Math.Min(_windower.Settled, first.Window.StreamStart) : _windower.Settled;
        return new Progressed(SegmentFactory.Time(_skipped + _windower.Received), SegmentFactory.Time(_skipped + settled));
    }

    public Completed Complete() => new(
        SegmentFactory.Time(_skipped + _windower.Received),
        SegmentFactory.Time(_windower.SpeechSamples),
        _language,
        new TranscriptionTimings(
            Stopwatch.GetElapsedTime(_started),
            _voiceActivity,
            _recognizer.Clock.Queued,
            _recognizer.Clock.Features,
            _recognizer.Clock.Encoding,
            _recognizer.Clock.Decoding))
    {
        Warnings = _recognizer.Warnings,
    };

    /// <summary>Waits until nothing of the request is in the batch any more, whatever became of it.</summary>
    public async Task EndAsync()
    {
        while (_pending.TryDequeue(out var left))
        {
            await ((Task)left.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Windows wait for each other where one tells the next its text, or the first all others their language.
    private int MostAtOnce => _request.CarryContext || _language is null ? 1 : _model.Options.Rows;

    private async Task<List<TranscriptionEvent>> RecognizeAsync(IReadOnlyList<SpeechWindow> windows, bool atEnd)
    {
        var events = new List<TranscriptionEvent>();
        foreach (var window in windows)
        {
            while (_pending.Count >= MostAtOnce)
            {
                await TakeFirstAsync(events).ConfigureAwait(false);
            }
            int[] carried = _request.CarryContext ? [.. _context.Tokens] : [];
            // Off the caller's thread, which reads on meanwhile.
            var work = Task.Run(() => _recognizer.RecognizeAsync(window, _language, carried, _cancellationToken), _cancellationToken);
            _pending.Enqueue((window, work));
        }
        while (_pending.TryPeek(out var first) && (atEnd || first.Work.IsCompleted))
        {
            await TakeFirstAsync(events).ConfigureAwait(false);
        }
        return events;
    }

    private async Task TakeFirstAsync(List<TranscriptionEvent> events)
    {
        var parts = await _pending.Peek().Work.ConfigureAwait(false);
        _pending.Dequeue();
        foreach (var part in parts)
        {
            Take(part, events);
        }
    }

    private void Take(RecognizedWindow recognized, List<TranscriptionEvent> events)
    {
        var segments = _segments.Make(
            recognized.Window, recognized.Text, recognized.Language, recognized.Heard, recognized.Window.VoicedSeconds).ToList();
        if (_language is null && segments.Count > 0)
        {
            // What turned out to be silence has no language to go by.
            _language = recognized.Language;
            events.Add(new LanguageDetected(_language, recognized.Heard));
        }
        if (_request.CarryContext)
        {
            _context.Add(recognized.Text);
        }
        events.AddRange(segments.Select(segment => new SegmentRecognized(segment)));
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
