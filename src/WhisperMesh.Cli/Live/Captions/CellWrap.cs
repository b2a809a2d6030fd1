using System.Globalization;
using Spectre.Console.Rendering;

namespace WhisperMesh.Cli.Live.Captions;

/// <summary>Breaks text into lines by the columns that a terminal gives it: wide characters take two.</summary>
internal static class CellWrap
{
    internal static int Cells(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();

    /// <summary>
    /// The lines, as ranges of the text without the spaces between them: broken at spaces, and within words that are longer than a line
    /// or have no spaces at all.
    /// </summary>
    internal static List<Range> Lines(string text, int width)
    {
        var lines = new List<Range>();
        var (start, cells, space, cellsAfterSpace) = (0, 0, -1, 0);
        foreach (var (at, element) in Elements(text))
        {
            var size = Cells(element);
            var isSpace = element == " ";
            // Twice where what follows the last space does not fit either.
            while (cells + size > width && !isSpace && cells > 0)
            {
                var end = space >= start ? space : at;
                Add(lines, text, start, end);
                (start, cells) = space >= start ? (space + 1, cellsAfterSpace) : (at, 0);
                space = -1;
            }

            cells += size;
            cellsAfterSpace += size;
            if (isSpace)
            {
                (space, cellsAfterSpace) = (at, 0);
            }
        }

        Add(lines, text, start, text.Length);
        return lines;
    }

    /// <summary>As much of a text as a line holds.</summary>
    internal static string Cut(string text, int width)
    {
        var cells = 0;
        foreach (var (at, element) in Elements(text))
        {
            cells += Cells(element);
            if (cells > width)
            {
                return text[..at];
            }
        }

        return text;
    }

    private static IEnumerable<(int At, string Element)> Elements(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            yield return (at, text.Substring(at, length));
            at += length;
        }
    }

    private static void Add(List<Range> lines, string text, int start, int end)
    {
        while (start < end && text[start] == ' ')
        {
            start++;
        }

        while (end > start && text[end - 1] == ' ')
        {
            end--;
        }

        if (end > start)
        {
            lines.Add(start..end);
        }
    }
}
