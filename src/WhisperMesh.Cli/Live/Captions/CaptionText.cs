using System.Globalization;
using System.Text;
using WhisperMesh.Cli.Live.Output;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Captions;

/// <summary>What the captions of a live stream say now: what is over, what stands, what may still change, and how the stream does.</summary>
internal sealed class CaptionText
{
    private readonly SortedDictionary<int, string> _open = [];
    private readonly Queue<CaptionLine> _done = new();
    private readonly HashSet<string> _notes = [];
    private string _tentative = "";
    private string _language = "";
    private string _model = "";
    private bool _busy;
    private LiveProgress _progress = new();

    /// <summary>Committed words of what is being said.</summary>
    internal string Committed => Clean(string.Join(' ', _open.Values.Select(text => text.Trim()).Where(text => text.Length > 0)));

    /// <summary>What may still change, after them.</summary>
    internal string Tentative => Clean(_tentative);

    /// <summary>Time, lag, language and model, in one line.</summary>
    internal string Status
    {
        get
        {
            var received = _progress.AudioReceived?.ToTimeSpan() ?? TimeSpan.Zero;
            var lag = received - (_progress.AudioCommitted?.ToTimeSpan() ?? TimeSpan.Zero);
            var clock = received.ToString(received.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
            string[] parts =
            [
                clock,
                string.Create(CultureInfo.InvariantCulture, $"lag {Math.Max(0, lag.TotalSeconds):0.0} s"),
                _language,
                _busy ? "busy" : "",
                _model,
            ];
            return string.Join(" · ", parts.Where(part => part.Length > 0));
        }
    }

    internal void Apply(StreamLiveResponse message)
    {
        _progress = message.Progress ?? _progress;
        foreach (var note in LiveNotes.Of(message).Where(_notes.Add))
        {
            _done.Enqueue(new CaptionLine(Clean(note), IsNote: true));
        }

        switch (message.EventCase)
        {
            case StreamLiveResponse.EventOneofCase.Started:
                _model = message.Started.Model;
                break;
            case StreamLiveResponse.EventOneofCase.Update:
                Apply(message.Update);
                break;
            case StreamLiveResponse.EventOneofCase.Final:
                Apply(message.Final.Segment);
                break;
            case StreamLiveResponse.EventOneofCase.Status:
                _busy = message.Status.Load == LiveLoad.Busy;
                break;
            case StreamLiveResponse.EventOneofCase.Summary:
                _done.Enqueue(new CaptionLine(LiveNotes.Of(message.Summary), IsNote: true));
                break;
        }
    }

    /// <summary>What is over since the last time this was asked, to be written once.</summary>
    internal IReadOnlyList<CaptionLine> TakeDone()
    {
        var done = _done.ToArray();
        _done.Clear();
        return done;
    }

    private void Apply(LiveUpdate update)
    {
        _open[update.UtteranceIndex] = _open.GetValueOrDefault(update.UtteranceIndex, "") + string.Concat(update.Words.Select(word => word.Text));
        _tentative = update.TentativeText;
        _language = update.LanguageCode.Length > 0 ? update.LanguageCode : _language;
    }

    private void Apply(TranscriptSegment segment)
    {
        _open.Remove(segment.Index);
        _tentative = "";
        if (segment.Text.Length > 0)
        {
            _done.Enqueue(new CaptionLine(Clean(segment.Text), IsNote: false));
        }
    }

    // Text comes from afar: what would steer the terminal is left out.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned:
                    break;
                case UnicodeCategory.Format when rune.Value is not (0x200C or 0x200D):
                    break;
                default:
                    clean.Append(rune);
                    break;
            }
        }

        return clean.ToString();
    }
}

/// <summary>A line that is over: an utterance, or a note on the stream.</summary>
internal sealed record CaptionLine(string Text, bool IsNote);
