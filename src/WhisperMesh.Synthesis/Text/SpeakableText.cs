using System.Globalization;
using System.Text;

namespace WhisperMesh.Synthesis.Text;

/// <summary>What of a text can be heard.</summary>
internal static class SpeakableText
{
    /// <summary>Whether speaking the text gives a sound: a letter, a digit, or a sign that has a name.</summary>
    public static bool HasSound(string text) => text.EnumerateRunes().Any(rune =>
        Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.CurrencySymbol or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        || "%&+=@#".Contains((char)(rune.IsBmp ? rune.Value : 0)));

    /// <summary>
    /// The text as the voice is given it: control characters are spaces, for a NUL would end it, and lone surrogates are gone.
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
