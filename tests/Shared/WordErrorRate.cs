using System.Globalization;
using System.Text;

namespace WhisperMesh.Testing;

/// <summary>
/// Word errors as the project counts them: lower case, letters without their marks, everything but letters and digits to spaces,
/// then Levenshtein distance over words.
/// </summary>
internal static class WordErrorRate
{
    // string.Normalize leaves text as it is under invariant globalization, so the letters of the test languages are listed.
    private const string Marked = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿёй";
    private const string Plain = "aaaaaaceeeeiiiinooooouuuuyyеи";

    public static string[] Words(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark:
                    break;
                default:
                    plain.Append(Rune.IsLetterOrDigit(rune) ? WithoutMark(rune) : " ");
                    break;
            }
        }
        return plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string WithoutMark(Rune rune)
    {
        var letter = rune.ToString();
        var index = Marked.IndexOf(letter, StringComparison.Ordinal);
        return index < 0 ? letter : Plain[index].ToString();
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
