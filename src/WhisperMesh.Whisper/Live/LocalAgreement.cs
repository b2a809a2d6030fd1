namespace WhisperMesh.Whisper.Live;

/// <summary>
/// LocalAgreement-2 (Liu et al. 2020; Macháček et al. 2023) over one utterance: words at the start of the open text that two passes in
/// a row agree on are committed and never change. Each pass hears the window anew, so its text begins with what the window's
/// committed words said; that is found and left out. Not thread-safe.
/// </summary>
internal sealed class LocalAgreement
{
    // A longer repetition than this at a seam is no accident of hearing.
    private const int LongestOverlap = 5;

    // Places of words differ from pass to pass by less.
    private const long Near = 16_000;

    private readonly List<HeardWord> _inWindow = [];
    private List<HeardWord> _pending = [];

    /// <summary>Committed words that the window still has, in order.</summary>
    public IReadOnlyList<HeardWord> InWindow => _inWindow;

    /// <summary>What the last pass heard after the committed words.</summary>
    public IReadOnlyList<HeardWord> Pending => _pending;

    /// <summary>How likely <see cref="Pending"/> is to stay: the share the last two passes agree on, weighed by its probabilities.</summary>
    public float Stability { get; private set; }

    /// <summary>End of the last committed word.</summary>
    public long CommittedEnd { get; private set; }

    /// <summary>Takes in the next pass over the window; gives the words that are now committed.</summary>
    /// <param name="hypothesis">All words of the window.</param>
    /// <param name="safeEnd">Words that end later may have been cut off, and wait.</param>
    public IReadOnlyList<HeardWord> Hear(IReadOnlyList<HeardWord> hypothesis, long safeEnd)
    {
        var open = InOrder(hypothesis.Skip(CommittedCount(hypothesis)));
        var agreed = WordMatch.CommonPrefix(_pending, open);
        var count = 0;
        while (count < agreed && open[count].End <= safeEnd)
        {
            count++;
        }
        _pending = open;
        var committed = Commit(count);
        Stability = _pending.Count == 0 ? 0 : _pending.Take(agreed - count).Sum(word => word.Probability) / _pending.Count;
        return committed;
    }

    /// <summary>Commits what the last pass heard up to a place, agreed or not.</summary>
    public IReadOnlyList<HeardWord> CommitBefore(long place) => Commit(_pending.TakeWhile(word => word.End <= place).Count());

    /// <summary>Commits all that the last pass heard.</summary>
    public IReadOnlyList<HeardWord> CommitAll() => Commit(_pending.Count);

    /// <summary>The window begins here from now on.</summary>
    public void Trim(long start) => _inWindow.RemoveAll(word => word.Middle < start);

    private List<HeardWord> Commit(int count)
    {
        if (count == 0)
        {
            return [];
        }
        List<HeardWord> committed = [.. _pending.Take(count)];
        _pending = [.. _pending.Skip(count)];
        _inWindow.AddRange(committed);
        CommittedEnd = committed[^1].End;
        return committed;
    }

    /// <summary>Words at the start of the text that are committed already.</summary>
    private int CommittedCount(IReadOnlyList<HeardWord> hypothesis)
    {
        var same = WordMatch.CommonPrefix(_inWindow, hypothesis);
        if (same == _inWindow.Count)
        {
            return same;
        }
        // The last word, which stands, turns out to be the beginning of a longer one.
        if (same == _inWindow.Count - 1 && same < hypothesis.Count && WordMatch.Begins(_inWindow[same], hypothesis[same]))
        {
            return _inWindow.Count;
        }
        // It now hears otherwise what is committed: go on after the longest end of it that is still there, near its place.
        for (var length = Math.Min(LongestOverlap, _inWindow.Count); length > 0; length--)
        {
            var best = -1;
            for (var end = length; end <= hypothesis.Count; end++)
            {
                if (Ends(hypothesis, end, length) && Distance(hypothesis, end) <= (best < 0 ? Near : Distance(hypothesis, best)))
                {
                    best = end;
                }
            }
            if (best > 0)
            {
                return best;
            }
        }
        return hypothesis.TakeWhile(word => word.Middle < CommittedEnd).Count();
    }

    private bool Ends(IReadOnlyList<HeardWord> hypothesis, int end, int length)
    {
        for (var i = 1; i <= length; i++)
        {
            if (!WordMatch.AreSame(hypothesis[end - i], _inWindow[^i]))
            {
                return false;
            }
        }
        return true;
    }

    private long Distance(IReadOnlyList<HeardWord> hypothesis, int end) => Math.Abs(hypothesis[end - 1].End - CommittedEnd);

    /// <summary>None begins before the committed ones end, whatever this pass makes of their places.</summary>
    private List<HeardWord> InOrder(IEnumerable<HeardWord> words)
    {
        var (ordered, last) = (new List<HeardWord>(), CommittedEnd);
        foreach (var word in words)
        {
            var start = Math.Max(word.Start, last);
            last = Math.Max(word.End, start);
            ordered.Add(start == word.Start && last == word.End ? word : word with { Start = start, End = last });
        }
        return ordered;
    }
}
