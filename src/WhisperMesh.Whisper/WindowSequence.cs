using System.Diagnostics;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>
/// The windows of one channel on their way through the batch: several at once, reported in the order of the audio. Where the
/// language was detected, a window that surely hears another one waits until the next windows have decided which it is; when the
/// language does change, it and what came after are decoded again, so that text, and the language of each segment, are those of one
/// hearing. Not thread-safe.
/// </summary>
internal sealed class WindowSequence(
    WindowRecognizer recognizer, SegmentFactory segments, TranscriptionRequest request, int rows, CancellationToken cancellationToken)
{
    private readonly CarriedContext _context = new(new QualityJudge(request.Thresholds));
    private readonly LanguageHold _hold = new(request.Switching, request.AllowedLanguages);
    private readonly Queue<(SpeechWindow Window, Task<IReadOnlyList<RecognizedWindow>> Work)> _pending = new();

    // Done, but perhaps in the wrong language.
    private readonly List<(SpeechWindow Window, IReadOnlyList<RecognizedWindow> Parts)> _undecided = [];

    /// <summary>The language given, or that of the first speech; null until there is any.</summary>
    public string? FirstLanguage { get; private set; } = request.Language;

    /// <summary>Ends when the next window does; null when none is in the batch.</summary>
    public Task? NextDone => _pending.TryPeek(out var first) ? first.Work : null;

    /// <summary>Place on the stream where the first window begins that is not reported; null when all are.</summary>
    public long? Start =>
        _undecided.Count > 0 ? _undecided[0].Window.StreamStart
        : _pending.TryPeek(out var first) ? first.Window.StreamStart
        : null;

    // Windows wait for each other where one tells the next its text, or the first all others their language.
    private int MostAtOnce => request.CarryContext || Language is null ? 1 : rows;

    private string? Language => request.Language ?? _hold.Language;

    /// <summary>Takes the next windows; gives what has become certain.</summary>
    public async Task<List<TranscriptionEvent>> AddAsync(IReadOnlyList<SpeechWindow> windows, bool atEnd)
    {
        var events = new List<TranscriptionEvent>();
        foreach (var window in windows)
        {
            while (_pending.Count >= MostAtOnce)
            {
                await TakeFirstAsync(events).ConfigureAwait(false);
            }
            _pending.Enqueue((window, Recognize(window, Language)));
        }
        while (_pending.TryPeek(out var first) && (atEnd || first.Work.IsCompleted))
        {
            await TakeFirstAsync(events).ConfigureAwait(false);
        }
        if (atEnd)
        {
            Settle(events);
        }
        return events;
    }

    /// <summary>Waits until nothing is in the batch any more, whatever became of it.</summary>
    public async Task EndAsync()
    {
        while (_pending.TryDequeue(out var left))
        {
            await ((Task)left.Work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<IReadOnlyList<RecognizedWindow>> Recognize(SpeechWindow window, string? language)
    {
        int[] carried = request.CarryContext ? [.. _context.Tokens] : [];
        // Off the caller's thread, which reads on meanwhile.
        return Task.Run(() => recognizer.RecognizeAsync(window, language, carried, cancellationToken), cancellationToken);
    }

    private async Task TakeFirstAsync(List<TranscriptionEvent> events)
    {
        var parts = await _pending.Peek().Work.ConfigureAwait(false);
        var window = _pending.Dequeue().Window;
        var decision = Decide(window, parts[0]);
        if (decision is LanguageDecision.Keep or LanguageDecision.WaitAnew)
        {
            Settle(events);
        }
        if (decision == LanguageDecision.Keep)
        {
            Take(parts, events);
            return;
        }
        _undecided.Add((window, parts));
        if (decision == LanguageDecision.Switch)
        {
            events.Add(new LanguageSwitched(_hold.Language!, parts[0].Heard));
            RecognizeAgain(_hold.Language!);
        }
    }

    private LanguageDecision Decide(SpeechWindow window, RecognizedWindow recognized) =>
        request.Language is not null ? LanguageDecision.Keep
        // What is hardly speech tells no language.
        : recognized.Text.Text.NoSpeechProbability > request.Thresholds.NoSpeech ? _hold.On([], 0)
        : _hold.On(recognized.Heard, window.VoicedSeconds);

    /// <summary>Reports what waited for a decision as it was decoded.</summary>
    private void Settle(List<TranscriptionEvent> events)
    {
        foreach (var (_, parts) in _undecided)
        {
            Take(parts, events);
        }
        _undecided.Clear();
    }

    /// <summary>Has all that is not reported yet decoded in another language.</summary>
    private void RecognizeAgain(string language)
    {
        _context.Clear();
        var later = _pending.Select(work => (work.Window, AgainAsync(work.Window, work.Work, language))).ToList();
        _pending.Clear();
        foreach (var (window, _) in _undecided)
        {
            _pending.Enqueue((window, Recognize(window, language)));
        }
        _undecided.Clear();
        later.ForEach(_pending.Enqueue);
    }

    private async Task<IReadOnlyList<RecognizedWindow>> AgainAsync(
        SpeechWindow window, Task<IReadOnlyList<RecognizedWindow>> first, string language)
    {
        await first.ConfigureAwait(false);
        return await Recognize(window, language).ConfigureAwait(false);
    }

    private void Take(IReadOnlyList<RecognizedWindow> parts, List<TranscriptionEvent> events)
    {
        foreach (var part in parts)
        {
            Take(part, events);
        }
    }

    private void Take(RecognizedWindow recognized, List<TranscriptionEvent> events)
    {
        var begin = Stopwatch.GetTimestamp();
        var made = segments.Make(
            recognized.Window, recognized.Text, recognized.Language, recognized.Heard, recognized.Window.VoicedSeconds).ToList();
        recognizer.Trace?.Processed(begin);
        if (Language is null && made.Count > 0)
        {
            // What turned out to be silence has no language to go by.
            _hold.Begin(recognized.Language);
            FirstLanguage = recognized.Language;
            events.Add(new LanguageDetected(recognized.Language, recognized.Heard));
        }
        if (request.CarryContext)
        {
            _context.Add(recognized.Text);
        }
        events.AddRange(made.Select(segment => new SegmentRecognized(segment)));
    }
}
