using System.Globalization;
using System.Text;

namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>Takes words apart into pieces: most are one, those of scripts without spaces one a character, those too long for a line several.</summary>
internal sealed class WordSplitter(int lineLength)
{
    // Marks that begin no line and end no line, in the scripts that may break anywhere.
    private const string NoStart = "、。，．・：；？！ー’”）〕］｝〉》」』】〗ゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶฯๆ,.:;?!)]}%…";
    private const string NoEnd = "‘“（〔［｛〈《「『【〖([{เแโใไ";

    // Where a long word, such as an address, comes apart best.
    private const string GoodEnds = "-/._@&=?+~";

    private string _last = "";
    private bool _space;

    /// <summary>Words to come are apart from those before.</summary>
    public void Separate() => _space = _last.Length > 0 && !TextWidth.IsUnspaced(_last);

    /// <summary>Words to come follow on this text.</summary>
    public void Follow(string text) => _last = Graphemes(text).LastOrDefault("");

    public void Split(SpokenWord word, List<Piece> pieces)
    {
        var atoms = Atoms(word.Text);
        var total = Math.Max(1, atoms.Sum(atom => atom.Width));
        var length = word.End - word.Start;
        var before = 0;
        foreach (var (text, width, join) in atoms)
        {
            var start = word.Start + (length * ((double)before / total));
            before += width;
            pieces.Add(new Piece(text, width, start, word.Start + (length * ((double)before / total)), join));
        }
    }

    private List<(string Text, int Width, PieceJoin Join)> Atoms(string text)
    {
        List<(string, int, PieceJoin)> atoms = [];
        var atom = new StringBuilder();
        var join = PieceJoin.Space;
        var inside = false;
        foreach (var grapheme in Graphemes(text))
        {
            if (char.IsWhiteSpace(grapheme[0]))
            {
                (_space, inside) = (true, false);
                continue;
            }

            var next = JoinOf(grapheme, inside);
            if (next != PieceJoin.Glued || atom.Length == 0)
            {
                Flush();
                join = next;
            }

            atom.Append(grapheme);
            (_last, _space, inside) = (grapheme, false, true);
        }

        Flush();
        return atoms;

        void Flush()
        {
            if (atom.Length > 0)
            {
                AddSplit(atom.ToString(), join, atoms);
                atom.Clear();
            }
        }
    }

    private PieceJoin JoinOf(string grapheme, bool inside)
    {
        if (_space || _last.Length == 0)
        {
            return PieceJoin.Space;
        }

        var breakable = (TextWidth.IsUnspaced(grapheme) || TextWidth.IsUnspaced(_last))
            && !NoStart.Contains(grapheme[0], StringComparison.Ordinal)
            && !NoEnd.Contains(_last[0], StringComparison.Ordinal);
        return !breakable ? PieceJoin.Glued
            : inside ? PieceJoin.Inner
            : PieceJoin.Word;
    }

    private void AddSplit(string text, PieceJoin join, List<(string, int, PieceJoin)> atoms)
    {
        var width = TextWidth.Of(text);
        if (width <= lineLength)
        {
            atoms.Add((text, width, join));
            return;
        }

        // Parts of about the same length: no line ends up with a lone letter.
        var target = Even(width);
        var part = new StringBuilder();
        var (partWidth, left) = (0, width);
        foreach (var grapheme in Graphemes(text))
        {
            var graphemeWidth = TextWidth.OfGrapheme(grapheme);
            if (partWidth > 0 && partWidth + graphemeWidth > lineLength)
            {
                Cut();
            }

            part.Append(grapheme);
            partWidth += graphemeWidth;
            left -= graphemeWidth;
            var good = partWidth * 2 >= target && GoodEnds.Contains(grapheme[0], StringComparison.Ordinal);
            if (left > 0 && (partWidth >= target || good))
            {
                Cut();
                target = Even(left);
            }
        }

        Cut();

        void Cut()
        {
            atoms.Add((part.ToString(), partWidth, join));
            part.Clear();
            (partWidth, join) = (0, PieceJoin.Split);
        }

        int Even(int rest)
        {
            var parts = (rest + lineLength - 1) / lineLength;
            return (rest + parts - 1) / parts;
        }
    }

    private static IEnumerable<string> Graphemes(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            if (char.IsWhiteSpace(element[0]) || !char.IsControl(element[0]))
            {
                yield return element;
            }
        }
    }
}
