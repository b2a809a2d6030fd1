namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>Finds where a caption ends when there are more words than it can take.</summary>
internal sealed class CaptionCutter(CaptionOptions options, LineLayout layout)
{
    // What an empty caption would cost: a sentence's end is worth a caption that is half empty, a plain space is not.
    private const double Emptiness = 2000;
    private const int Weight = 3;

    private readonly double _room = options.LineLength * options.Lines;

    /// <summary>Whether all of it fits on the screen, and stays no longer than it may.</summary>
    public bool Holds(IReadOnlyList<Piece> pieces, int count) =>
        pieces[count - 1].End - pieces[0].Start <= options.MaximumDuration && layout.Fits(pieces, count);

    /// <summary>How many pieces the caption gets: at least one, and not all.</summary>
    public int Cut(IReadOnlyList<Piece> pieces)
    {
        var (best, bestCost) = (1, double.MaxValue);
        var width = 0;
        for (var count = 1; count < pieces.Count; count++)
        {
            width += pieces[count - 1].FullWidth;
            if (count > 1 && !Holds(pieces, count))
            {
                break;
            }

            var empty = 1 - Math.Min(1, width / _room);
            var cost = (Emptiness * empty * empty) + (Weight * PlaceCost(pieces, count));
            if (cost <= bestCost)
            {
                (best, bestCost) = (count, cost);
            }
        }

        return best;
    }

    private double PlaceCost(IReadOnlyList<Piece> pieces, int at) => layout.MayBreak(pieces, at, pieces.Count)
        ? Math.Min(Phrases.Cost(pieces[at - 1], pieces[at]), Phrases.Never)
        : Phrases.Never * 2.0;
}
