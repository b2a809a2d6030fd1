namespace WhisperMesh.Whisper.Live;

/// <summary>
/// The words that a resumed stream told before it broke off. They stand; what is derived again of them is left out. Not thread-safe.
/// </summary>
internal sealed class GivenWords
{
    // A pass that guessed how a phrase goes on has placed its words before they were said.
    private const long Near = 24_000;

    // So many of them in a row may not be heard again.
    private const int MostMissing = 2;

    private readonly List<HeardWord> _words;
    private int _next;

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
        foreach (var word in derived)
        {
            var same = _words.FindIndex(given => given.Start == word.Start && given.Text == word.Text);
            if (same >= 0)
            {
                // As told, but with the model's own tokens.
                _words[same] = _words[same] with { Tokens = word.Tokens, LogProbabilities = word.LogProbabilities };
            }
        }
        (var later, _next) = Follow(derived);
        return later;
    }

    /// <summary>The words derived next, without those told before.</summary>
    public IReadOnlyList<HeardWord> After(IReadOnlyList<HeardWord> derived) => Follow(derived).Later;

    /// <summary>Each word told before stands for one derived: the same one, wherever it is placed now, or one that lies before their end.</summary>
    private (IReadOnlyList<HeardWord> Later, int Next) Follow(IReadOnlyList<HeardWord> derived)
    {
        if (_words.Count == 0)
        {
            return (derived, 0);
        }
        var (later, next) = (new List<HeardWord>(), _next);
        foreach (var word in derived)
        {
            if (Find(word, next) is { } found)
            {
                next = found + 1;
            }
            else if (word.Middle < End)
            {
                next++;
            }
            else
            {
                next = _words.Count;
                later.Add(word.Start < End ? word with { Start = End, End = Math.Max(word.End, End) } : word);
            }
        }
        return (later, next);
    }

    private int? Find(HeardWord word, int next)
    {
        for (var i = next; i < Math.Min(next + MostMissing + 1, _words.Count); i++)
        {
            if (WordMatch.AreSame(word, _words[i]) && Math.Abs(word.Start - _words[i].Start) <= Near)
            {
                return i;
            }
        }
        return null;
    }

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
