using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>Breaks pieces into lines: as few as hold them, at the best places, as even as that leaves them.</summary>
internal sealed class LineLayout(int lineLength, int maxLines)
{
    private const int Impossible = int.MaxValue / 4;

    /// <summary>Whether they fit into one caption.</summary>
    public bool Fits(IReadOnlyList<Piece> pieces, int count) => Solve(pieces, count) is not null;

    /// <summary>The lines of the first <paramref name="count"/> pieces, which must fit.</summary>
    public ImmutableArray<string> Break(IReadOnlyList<Piece> pieces, int count)
    {
        var ends = Solve(pieces, count) ?? throw new ArgumentException("The pieces do not fit.", nameof(count));
        var lines = new string[ends.Length];
        var begin = 0;
        for (var line = 0; line < ends.Length; line++)
        {
            lines[line] = Join(pieces, begin, ends[line]);
            begin = ends[line];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(lines);
    }

    /// <summary>Whether a line or a caption may end before a piece: inside what belongs together only where that is too long for a line.</summary>
    public bool MayBreak(IReadOnlyList<Piece> pieces, int at, int count) =>
        pieces[at].Join != PieceJoin.Glued || UnitWidth(pieces, at, count) > lineLength;

    /// <summary>Pieces as text, without the space before the first.</summary>
    public static string Join(IReadOnlyList<Piece> pieces, int begin, int end)
    {
        var text = new StringBuilder();
        for (var i = begin; i < end; i++)
        {
            if (i > begin && pieces[i].Join == PieceJoin.Space)
            {
                text.Append(' ');
            }

            text.Append(pieces[i].Text);
        }

        return text.ToString();
    }

    private static int UnitWidth(IReadOnlyList<Piece> pieces, int at, int count)
    {
        var width = pieces[at].Width;
        for (var i = at; i > 0 && pieces[i].Join == PieceJoin.Glued; i--)
        {
            width += pieces[i - 1].Width;
        }

        for (var i = at + 1; i < count && pieces[i].Join == PieceJoin.Glued; i++)
        {
            width += pieces[i].Width;
        }

        return width;
    }

    // best[l, i]: least cost of the first i pieces in l lines.
    private int[]? Solve(IReadOnlyList<Piece> pieces, int count)
    {
        var best = new int[maxLines + 1, count + 1];
        var from = new int[maxLines + 1, count + 1];
        for (var line = 0; line <= maxLines; line++)
        {
            for (var i = 0; i <= count; i++)
            {
                best[line, i] = line == 0 && i == 0 ? 0 : Impossible;
            }
        }

        for (var line = 1; line <= maxLines; line++)
        {
            for (var i = 1; i <= count; i++)
            {
                FindLine(pieces, count, best, from, line, i);
            }

            if (best[line, count] < Impossible)
            {
                return Ends(from, line, count);
            }
        }

        return null;
    }

    private void FindLine(IReadOnlyList<Piece> pieces, int count, int[,] best, int[,] from, int line, int end)
    {
        var width = 0;
        for (var begin = end - 1; begin >= 0; begin--)
        {
            width += begin == end - 1 ? pieces[begin].Width : SpaceAfter(pieces, begin) + pieces[begin].Width;
            if (width > lineLength && begin < end - 1)
            {
                return;
            }

            if (best[line - 1, begin] >= Impossible || (begin > 0 && !MayBreak(pieces, begin, count)))
            {
                continue;
            }

            // The sum of squares is least where the lines are even.
            var cost = best[line - 1, begin] + (width * width) + (begin > 0 ? Phrases.Cost(pieces[begin - 1], pieces[begin]) : 0);
            if (cost < best[line, end])
            {
                (best[line, end], from[line, end]) = (cost, begin);
            }
        }
    }

    private static int SpaceAfter(IReadOnlyList<Piece> pieces, int at) => pieces[at + 1].Join == PieceJoin.Space ? 1 : 0;

    private static int[] Ends(int[,] from, int lines, int count)
    {
        var ends = new int[lines];
        for (var line = lines; line > 0; line--)
        {
            ends[line - 1] = count;
            count = from[line, count];
        }

        return ends;
    }
}
