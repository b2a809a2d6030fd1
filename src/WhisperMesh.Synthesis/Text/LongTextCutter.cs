using System.Globalization;

namespace WhisperMesh.Synthesis.Text;

/// <summary>Cuts a sentence that is too long: at a comma or the like, else between words, else between characters.</summary>
internal static class LongTextCutter
{
    public static IEnumerable<SpeechPiece> Cut(string sentence, PieceEnd end, int maxLength)
    {
        var rest = sentence.Trim();
        while (rest.Length > maxLength)
        {
            var (length, kind) = CutAt(rest, maxLength);
            yield return new SpeechPiece(rest[..length].TrimEnd(), kind);
            rest = rest[length..].TrimStart();
        }

        if (rest.Length > 0)
        {
            yield return new SpeechPiece(rest, end);
        }
    }

    private static (int Length, PieceEnd Kind) CutAt(string text, int maxLength)
    {
        // A clause shorter than this is better spoken with what follows it.
        var least = maxLength / 4;
        for (var length = maxLength; length > least; length--)
        {
            var mark = text[length - 1];
            if (Marks.IsClause(mark) && (Marks.IsWideClause(mark) || char.IsWhiteSpace(text[length])))
            {
                return (length, PieceEnd.Clause);
            }
        }

        for (var length = maxLength; length > 0; length--)
        {
            if (char.IsWhiteSpace(text[length]))
            {
                return (length, PieceEnd.Cut);
            }
        }

        return (WholeCharacters(text, maxLength), PieceEnd.Cut);
    }

    // Keeps an accent with its letter, and both halves of a surrogate pair.
    private static int WholeCharacters(string text, int maxLength)
    {
        var length = 0;
        while (StringInfo.GetNextTextElementLength(text, length) is var step && length + step <= maxLength)
        {
            length += step;
        }

        return length > 0 ? length : char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength;
    }
}
