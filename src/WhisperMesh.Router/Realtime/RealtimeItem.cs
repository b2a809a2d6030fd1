using System.Text;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Realtime;

/// <summary>An item that is being spoken, or waits for the rest of its text.</summary>
/// <param name="start">Where its audio begins.</param>
internal sealed class RealtimeItem(TimeSpan start)
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _utterance = new();
    private readonly List<TokenLogprob> _logprobs = [];
    private readonly List<string> _languages = [];
    private int _words;

    public string Id { get; } = RealtimeIds.Item();

    public TimeSpan Start { get; } = start;

    /// <summary>Whether the client was told that its speech began.</summary>
    public bool IsStartTold { get; init; }

    /// <summary>Whether the client knows it as an item.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>Whether its text is complete.</summary>
    public bool IsCompleted { get; set; }

    public string Text => _text.ToString();

    public IReadOnlyList<TokenLogprob> Logprobs => _logprobs;

    public IReadOnlyList<SpokenLanguage> Languages => [.. _languages.Select(code => new SpokenLanguage(code))];

    /// <summary>Takes committed words.</summary>
    /// <returns>What they add to the text, and their probabilities.</returns>
    public (string Delta, IReadOnlyList<TokenLogprob> Logprobs) Add(LiveUpdate update)
    {
        var text = string.Concat(update.Words.Select(word => word.Text));
        _words += update.Words.Count;
        return Add(text, update.LanguageCode, [.. update.Words.Select(word => Logprob(word.Text, word.Confidence))]);
    }

    /// <summary>An utterance is over: takes what its text has beyond the words that were told.</summary>
    public (string Delta, IReadOnlyList<TokenLogprob> Logprobs) End(TranscriptSegment segment)
    {
        var told = _utterance.ToString().TrimStart();
        var rest = segment.Text.StartsWith(told, StringComparison.Ordinal) ? segment.Text[told.Length..] : "";
        if (told.Length == 0 && rest.Length > 0)
        {
            rest = TranscriptText.Spaced(segment);
        }

        // The words of a segment have lost their space.
        var words = segment.Words.Skip(_words)
            .Select(word => Logprob(rest.Contains(" " + word.Text, StringComparison.Ordinal) ? " " + word.Text : word.Text, word.Confidence))
            .ToList();
        var added = Add(rest, segment.LanguageCode, words);
        _utterance.Clear();
        _words = 0;
        return added;
    }

    private (string, IReadOnlyList<TokenLogprob>) Add(string text, string language, List<TokenLogprob> logprobs)
    {
        _utterance.Append(text);
        var delta = _text.Length > 0 ? text : text.TrimStart();
        _text.Append(delta);
        if (delta.Length == 0)
        {
            return ("", []);
        }

        _logprobs.AddRange(logprobs);
        if (language.Length > 0 && !_languages.Contains(language))
        {
            _languages.Add(language);
        }

        return (delta, logprobs);
    }

    // The mean probability of a word's tokens stands for the word; where it is 0 the logarithm has no number.
    private static TokenLogprob Logprob(string word, float confidence) => new(
        word, confidence > 0 ? MathF.Log(confidence) : TokenLogprob.Impossible, [.. Encoding.UTF8.GetBytes(word).Select(value => (int)value)]);
}
