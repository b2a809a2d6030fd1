using System.Collections.Frozen;

namespace WhisperMesh.Synthesis.Text;

/// <summary>Punctuation, as far as cutting text needs it.</summary>
internal static class Marks
{
    // Scripts written without spaces end a sentence without one.
    private const string WideTerminators = "。！？｡";
    private const string Terminators = ".!?…؟۔।॥" + WideTerminators;
    private const string Closers = "\"'”’»›)]}」』）】";
    private const string Openers = "\"'“‘«‹([{「『（【¿¡—–-";
    private const string WideClauses = "、，；：";
    private const string Clauses = ",;:—–" + WideClauses;

    // Words that a full stop shortens, in English text, and after which a sentence seldom ends.
    private static readonly FrozenSet<string> Abbreviations = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "mr", "mrs", "ms", "mx", "dr", "prof", "rev", "hon", "st", "mt", "ft", "gen", "col", "maj", "capt", "lt", "sgt", "cmdr", "adm",
        "gov", "sen", "rep", "pres", "messrs", "mme", "mlle", "vs", "e.g", "i.e", "cf", "viz", "approx", "ca", "fig", "figs", "eq",
        "vol", "pp", "ed", "eds", "dept", "est", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "ave", "blvd", "rd");

    public static bool IsTerminator(char c) => Terminators.Contains(c);

    public static bool IsWideTerminator(char c) => WideTerminators.Contains(c);

    public static bool IsCloser(char c) => Closers.Contains(c);

    public static bool IsOpener(char c) => Openers.Contains(c);

    public static bool IsClause(char c) => Clauses.Contains(c);

    public static bool IsWideClause(char c) => WideClauses.Contains(c);

    /// <summary>Whether a word before a full stop is short for something, an initial included ("J." in "J. S. Bach").</summary>
    public static bool IsAbbreviation(ReadOnlySpan<char> word) =>
        (word.Length == 1 && char.IsUpper(word[0]) && word[0] != 'I')
        || (word.Length > 1 && Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word));
}
