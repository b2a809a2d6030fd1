using System.Text;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>The scores of a transcript so far. Bounded: of a very long one, only doubtful pieces are noted after a while, then none.</summary>
internal sealed class ScoreSheet
{
    private const int MostNoted = 4096;
    private const int MostDoubtful = 8192;

    private readonly List<Score> _scores = [];

    public int Count { get; private set; }

    public int DoubtfulCount { get; private set; }

    public void Add(Score score)
    {
        Count++;
        DoubtfulCount += score.IsDoubtful ? 1 : 0;
        if (_scores.Count < (score.IsDoubtful ? MostDoubtful : MostNoted))
        {
            _scores.Add(score);
        }
    }

    /// <summary>What was heard, in order, where that is kept; at most so many characters.</summary>
    public string Text(int limit)
    {
        var text = new StringBuilder();
        foreach (var score in _scores.OrderBy(score => score.Start))
        {
            text.Append(score.Text);
            if (text.Length >= limit)
            {
                return text.ToString(0, limit).Trim();
            }
        }

        return text.ToString().Trim();
    }

    public void Clear()
    {
        _scores.Clear();
        (Count, DoubtfulCount) = (0, 0);
    }

    /// <summary>At most so many, in order; where there are more, the doubtful ones and then the least sure.</summary>
    public IReadOnlyList<Score> Pick(int limit) => _scores.Count <= limit
        ? [.. _scores]
        : [.. _scores.OrderBy(score => !score.IsDoubtful).ThenBy(score => score.Confidence).Take(limit).OrderBy(score => score.Start).ThenBy(score => score.Index)];
}
