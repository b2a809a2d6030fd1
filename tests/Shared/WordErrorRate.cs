using System.Globalization;
using System.Text;

namespace WhisperMesh.Testing;

/// <summary>
/// Word errors as the project counts them: lower case, NFKD without combining marks, everything but letters and digits to spaces,
/// then Levenshtein distance over words.
/// </summary>
internal static class WordErrorRate
{
    public static string[] Words(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                    break;
                default:
                    plain.Append(Rune.IsLetterOrDigit(rune) ? rune.ToString() : " ");
                    break;
            }
        }
        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    public static int Errors(string reference, string heard) => Errors(Words(reference), Words(heard));

    public static int Errors(ReadOnlySpan<string> reference, ReadOnlySpan<string> heard)
    {
        var row = Enumerable.Range(0, heard.Length + 1).ToArray();
        for (var i = 1; i <= reference.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= heard.Length; j++)
            {
                var substituted = diagonal + (reference[i - 1] == heard[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
