namespace WhisperMesh.Synthesis.Text;

/// <summary>
/// Cuts text into pieces to be spoken one after another. The pieces joined are the text, spaces aside; none is longer than
/// the limit.
/// </summary>
internal static class SentenceSplitter
{
    public static IEnumerable<SpeechPiece> Split(string text, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 2);
        var start = 0;
        for (var i = 0; i < text.Length;)
        {
            var (next, end) = EndAt(text, i);
            if (end is { } kind)
            {
                foreach (var piece in LongTextCutter.Cut(text[start..next], kind, maxLength))
                {
                    yield return piece;
                }

                start = next;
            }

            i = next;
        }

        foreach (var piece in LongTextCutter.Cut(text[start..], PieceEnd.Paragraph, maxLength))
        {
            yield return piece;
        }
    }

    // Where to go on from i, and what ends there, if anything does.
    private static (int Next, PieceEnd? End) EndAt(string text, int i)
    {
        if (text[i] == '\n')
        {
            return EndOfLine(text, i);
        }

        if (!Marks.IsTerminator(text[i]))
        {
            return (i + 1, null);
        }

        var next = i;
        while (next < text.Length && Marks.IsTerminator(text[next]))
        {
            next++;
        }

        var marks = text.AsSpan(i, next - i);
        while (next < text.Length && Marks.IsCloser(text[next]))
        {
            next++;
        }

        return (next, EndsSentence(text, i, marks, next) ? PieceEnd.Sentence : null);
    }

    private static bool EndsSentence(string text, int i, ReadOnlySpan<char> marks, int next)
    {
        if (next == text.Length || Marks.IsWideTerminator(marks[^1]))
        {
            return true;
        }

        // 3.14, www.example.org, "really?!no"
        if (!char.IsWhiteSpace(text[next]))
        {
            return false;
        }

        return !(marks is "." && Marks.IsAbbreviation(WordBefore(text, i))) && StartsSentence(text.AsSpan(next));
    }

    // "'Stop!' he said", "well... perhaps": what goes on in lower case is still the same sentence.
    private static bool StartsSentence(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        while (rest.Length > 0 && (Marks.IsOpener(rest[0]) || char.IsWhiteSpace(rest[0])))
        {
            rest = rest[1..];
        }

        return rest.IsEmpty || !char.IsLower(rest[0]);
    }

    private static ReadOnlySpan<char> WordBefore(string text, int end)
    {
        var start = end;
        while (start > 0 && (char.IsLetter(text[start - 1]) || (text[start - 1] == '.' && start < end)))
        {
            start--;
        }

        return text.AsSpan(start, end - start);
    }

    // A single line break is only a wrapped line, unless a list item follows.
    private static (int Next, PieceEnd? End) EndOfLine(string text, int i)
    {
        var next = i + 1;
        while (next < text.Length && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        var paragraph = text.AsSpan(i + 1, next - i - 1).Contains('\n') || IsListItem(text.AsSpan(next));
        return (next, paragraph ? PieceEnd.Paragraph : null);
    }

    private static bool IsListItem(ReadOnlySpan<char> line)
    {
        var digits = 0;
        while (digits < line.Length && char.IsAsciiDigit(line[digits]))
        {
            digits++;
        }

        var mark = digits > 0 ? ".)" : "-*•";
        return digits + 1 < line.Length && mark.Contains(line[digits]) && char.IsWhiteSpace(line[digits + 1]);
    }
}
