using System.Collections.Immutable;

namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>
/// Makes captions of committed words as they come. A caption is complete when the next word does not fit, when it would stay too
/// long, at the end of a sentence of some length, and after a pause. One thread at a time.
/// </summary>
internal sealed class CaptionShaper
{
    private readonly CaptionOptions _options;
    private readonly WordSplitter _splitter;
    private readonly LineLayout _layout;
    private readonly CaptionCutter _cutter;
    private readonly CaptionTiming _timing;
    private readonly List<Piece> _open = [];
    private readonly List<Piece> _pieces = [];
    private TimeSpan _committed;

    public CaptionShaper(CaptionOptions options)
    {
        _options = options;
        _splitter = new WordSplitter(options.LineLength);
        _layout = new LineLayout(options.LineLength, options.Lines);
        _cutter = new CaptionCutter(options, _layout);
        _timing = new CaptionTiming(options);
    }

    /// <summary>The last caption that is complete. Set to go on where another shaper stopped.</summary>
    public Caption? Last { get; private set; }

    /// <summary>Whether the next caption begins an utterance.</summary>
    public bool BeginsUtterance { get; private set; } = true;

    /// <summary>End of the last word.</summary>
    public TimeSpan LastWordEnd { get; private set; }

    /// <summary>Before this, captions will not change any more, and none will come.</summary>
    public TimeSpan Settled { get; private set; }

    /// <summary>When <see cref="Last"/> goes, as far as is known.</summary>
    public TimeSpan? LastEnd => Last is not { } last ? null : _open.Count > 0 ? _timing.EndBefore(last, OpenStart) : last.End;

    /// <summary>Words that are in no complete caption yet, as they may stand on the screen.</summary>
    public ImmutableArray<string> OpenLines => _open.Count == 0 ? [] : _layout.Break(_open, _open.Count);

    /// <summary>The words of the caption that is not complete, for another shaper to go on with.</summary>
    public IReadOnlyList<SpokenWord> OpenWords =>
        [.. _open.Select(piece => new SpokenWord((piece.Join == PieceJoin.Space ? " " : "") + piece.Text, piece.Start, piece.End))];

    private TimeSpan OpenStart => _timing.Start(Last, _open[0].Start, Settled);

    /// <summary>Goes on where another shaper stopped. Gives nothing: what was complete there is known.</summary>
    public void Restore(Caption? last, IEnumerable<SpokenWord> open, TimeSpan settled, TimeSpan lastWordEnd, bool begins)
    {
        (Last, Settled, LastWordEnd, BeginsUtterance) = (last, settled, lastWordEnd, begins);
        _splitter.Follow(last?.Text ?? "");
        foreach (var word in open)
        {
            _splitter.Split(word, _open);
        }
    }

    /// <summary>Takes the next word; gives the captions that are complete with it.</summary>
    public IReadOnlyList<Caption> Add(SpokenWord word)
    {
        List<Caption> complete = [];
        var start = Max(word.Start, _open.Count > 0 ? _open[^1].Start : TimeSpan.Zero);
        var end = Max(word.End, start);
        if (_open.Count > 0 && start - _open[^1].End >= _options.PauseDuration)
        {
            complete.Add(Complete(_open.Count));
        }

        LastWordEnd = Max(LastWordEnd, end);
        _pieces.Clear();
        _splitter.Split(new SpokenWord(word.Text, start, end), _pieces);
        foreach (var piece in _pieces)
        {
            _open.Add(piece);
            while (_open.Count > 1 && !_cutter.Holds(_open, _open.Count))
            {
                complete.Add(Complete(_cutter.Cut(_open)));
            }
        }

        if (_open.Count > 0 && IsSentence())
        {
            complete.Add(Complete(_open.Count));
        }

        Settle();
        return complete;
    }

    /// <summary>The utterance is over; gives its last caption.</summary>
    public Caption? EndUtterance()
    {
        var last = _open.Count > 0 ? Complete(_open.Count) : null;
        _splitter.Separate();
        BeginsUtterance = true;
        Settle();
        return last;
    }

    /// <summary>All words before a time are known; gives the caption that a pause has completed.</summary>
    public Caption? Advance(TimeSpan committed)
    {
        _committed = Max(_committed, committed);
        var last = _open.Count > 0 && _committed - _open[^1].End >= _options.PauseDuration ? Complete(_open.Count) : null;
        Settle();
        return last;
    }

    private bool IsSentence() =>
        Phrases.EndsSentence(_open[^1].Text)
        && _open.Sum(piece => piece.FullWidth) * 2 > _options.LineLength
        && _open[^1].End - _open[0].Start >= _options.MinimumDuration;

    private Caption Complete(int count)
    {
        var start = OpenStart;
        var width = _open.Take(count).Sum(piece => piece.FullWidth);
        Last = new Caption(
            (Last?.Id ?? 0) + 1,
            start,
            _timing.End(start, _open[count - 1].End, width),
            LineLayout.Join(_open, 0, count),
            _layout.Break(_open, count))
        {
            Spaced = _open[0].Join == PieceJoin.Space && Last is not null,
            BeginsUtterance = BeginsUtterance,
        };
        _open.RemoveRange(0, count);
        BeginsUtterance = false;
        Settle();
        return Last;
    }

    // A caption that may still come begins after all that is told here.
    private void Settle() => Settled = Max(Settled, _open.Count > 0 ? OpenStart
        : Last is { } last && last.End + _options.MinimumGap > _committed ? last.Start
        : _committed);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
