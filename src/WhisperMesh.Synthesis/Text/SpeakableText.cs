using System.Globalization;
using System.Text;

namespace WhisperMesh.Synthesis.Text;

/// <summary>What of a text can be heard.</summary>
internal static class SpeakableText
{
    // Punctuation that voices name; the rest of it is only a rest.
    private const string NamedPunctuation = "%&@#*/\\§¶†‡‰";

    /// <summary>
    /// Whether speaking the text may give a sound: it has a letter, a digit or a sign. Which signs a voice has a name for, only the
    /// voice knows.
    /// </summary>
    public static bool HasSound(string text) => text.EnumerateRunes().Any(rune =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
            or UnicodeCategory.CurrencySymbol or UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol
        || (rune.IsBmp && NamedPunctuation.Contains((char)rune.Value)));

    /// <summary>
    /// The text as the voice is given it: control characters are spaces, for a NUL would end it, and lone surrogates are replaced.
    /// </summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' || !Rune.IsControl(rune))
            {
                clean.Append(rune);
            }
            else if (rune.Value is not '\r')
            {
                clean.Append(' ');
            }
        }

        return clean.ToString();
    }
}
