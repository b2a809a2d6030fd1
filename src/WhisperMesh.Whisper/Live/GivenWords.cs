namespace WhisperMesh.Whisper.Live;

/// <summary>
/// The words that a resumed stream told before it broke off. They stand; what is derived again of them is left out. Not thread-safe.
/// </summary>
internal sealed class GivenWords
{
    // A word said twice has its own length between its beginnings.
    private const long LeastGap = 1_600;

    private readonly List<HeardWord> _words;
    private int _matched;
    private bool _isPassed;

    public GivenWords(IEnumerable<LiveWord> words, Tokens.Tokenizer tokenizer)
    {
        _words = [.. words.Select(word => Heard(word, tokenizer))];
        End = _words.Count > 0 ? _words[^1].End : 0;
    }

    /// <summary>The words, as exactly as they could be derived.</summary>
    public IReadOnlyList<HeardWord> Words => _words;

    /// <summary>Where they end on the stream.</summary>
    public long End { get; }

    /// <summary>Takes the words derived next; gives those that were not told before.</summary>
    public IReadOnlyList<HeardWord> Later(IReadOnlyList<HeardWord> derived)
    {
        if (_words.Count == 0)
        {
            return derived;
        }
        foreach (var word in derived)
        {
            if (_matched < _words.Count && word.Text == _words[_matched].Text && word.Start == _words[_matched].Start)
            {
                // As told, but with the model's own tokens.
                _words[_matched] = _words[_matched++] with { Tokens = word.Tokens, LogProbabilities = word.LogProbabilities };
            }
        }
        var later = After(derived);
        if (later.Count == 0 || _isPassed)
        {
            return later;
        }
        _isPassed = true;
        // Derived otherwise than it was told, the last word may seem to lie after its own end.
        return _matched < _words.Count && WordMatch.AreSame(later[0], _words[^1]) && later[0].Start < End + LeastGap ? [.. later.Skip(1)] : later;
    }

    /// <summary>The words that lie after those told before.</summary>
    public List<HeardWord> After(IEnumerable<HeardWord> derived) => [.. derived.Where(word => word.Middle >= End || End == 0)
        .Select(word => word.Start < End ? word with { Start = End, End = Math.Max(word.End, End) } : word)];

    private static HeardWord Heard(LiveWord word, Tokens.Tokenizer tokenizer)
    {
        int[] tokens = tokenizer.Encode(word.Text);
        var logProbability = MathF.Log(Math.Clamp(word.Probability, float.Epsilon, 1));
        return new HeardWord(word.Text, LiveTime.Samples(word.Start), LiveTime.Samples(word.Start + word.Duration), word.Probability)
        {
            Tokens = tokens,
            LogProbabilities = [.. tokens.Select(_ => logProbability)],
        };
    }
}
