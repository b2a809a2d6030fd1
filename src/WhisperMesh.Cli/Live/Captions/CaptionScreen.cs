using Spectre.Console;
using Spectre.Console.Rendering;

namespace WhisperMesh.Cli.Live.Captions;

/// <summary>
/// Paints captions: what is over goes up into the terminal's history, what is open and a line of status are replaced in place. Knows what
/// it painted last, and so how to take it away, also after the terminal has been made narrower.
/// </summary>
internal sealed class CaptionScreen
{
    private static readonly Style Firm = Style.Plain;
    private static readonly Style Faint = new(decoration: Decoration.Dim);
    private static readonly Style Note = new(Color.Yellow);

    // Cells of the lines that are to be replaced; the cursor stands at the end of the last.
    private List<int> _painted = [];

    /// <summary>What to write for the captions as they are now. With <paramref name="isLast"/> nothing stays to be replaced.</summary>
    internal List<Segment> Paint(CaptionText captions, int width, int height, bool isLast = false)
    {
        // The last column is left free: a terminal may or may not go to the next line after it.
        var columns = Math.Max(1, width - 1);
        var segments = new List<Segment> { Segment.Control(Erasure(width)) };
        foreach (var line in captions.TakeDone())
        {
            Write(segments, Wrap(line.Text, columns, line.IsNote ? Note : Firm));
        }

        var open = Wrap(captions.Committed, isLast ? "" : captions.Tentative, columns);
        if (isLast)
        {
            Write(segments, open);
            _painted = [];
            return segments;
        }

        // As much as the window holds, beside the status.
        var shown = open.TakeLast(Math.Max(1, height - 2)).ToList();
        shown.Add([new Segment(CellWrap.Cut(captions.Status, columns), Faint)]);
        for (var i = 0; i < shown.Count; i++)
        {
            segments.AddRange(i == 0 ? [] : [Segment.LineBreak]);
            segments.AddRange(shown[i]);
        }

        _painted = [.. shown.Select(line => line.Sum(segment => segment.CellCount()))];
        return segments;
    }

    /// <summary>Takes away what was painted last: a line that has become wider than the terminal takes several rows there.</summary>
    private string Erasure(int width)
    {
        var rows = _painted.Sum(cells => Math.Max(1, (cells + width - 1) / Math.Max(1, width)));
        return rows switch
        {
            0 => "",
            1 => "\r\e[0J",
            _ => $"\r\e[{rows - 1}A\e[0J",
        };
    }

    private static IEnumerable<List<Segment>> Wrap(string text, int columns, Style style) =>
        CellWrap.Lines(text, columns).Select(line => new List<Segment> { new(text[line], style) });

    private static List<List<Segment>> Wrap(string committed, string tentative, int columns)
    {
        var text = committed + tentative;
        return [.. CellWrap.Lines(text, columns).Select(line => Styled(text, line, committed.Length))];
    }

    private static List<Segment> Styled(string text, Range line, int committed)
    {
        var (start, length) = line.GetOffsetAndLength(text.Length);
        var firm = Math.Clamp(committed - start, 0, length);
        var segments = new List<Segment>();
        if (firm > 0)
        {
            segments.Add(new Segment(text.Substring(start, firm), Firm));
        }

        if (firm < length)
        {
            segments.Add(new Segment(text.Substring(start + firm, length - firm), Faint));
        }

        return segments;
    }

    private static void Write(List<Segment> segments, IEnumerable<List<Segment>> lines)
    {
        foreach (var line in lines)
        {
            segments.AddRange(line);
            segments.Add(Segment.LineBreak);
        }
    }
}
