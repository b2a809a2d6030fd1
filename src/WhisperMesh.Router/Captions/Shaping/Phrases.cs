namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>How good a place between two pieces is to break at; less is better.</summary>
internal static class Phrases
{
    /// <summary>Only where nothing else is left.</summary>
    public const int Never = 10_000;

    private const int AfterSentence = 0;
    private const int AfterClause = 60;
    private const int BeforePhrase = 200;
    private const int Plain = 300;
    private const int AfterLeader = 420;
    private const int InsideWord = 450;
    private const int InsideLongWord = 900;
    private const int LongestAbbreviation = 3;

    private const string SentenceEnds = ".?!…。！？";
    private const string ClauseEnds = ",;:–—、，；：";
    private const string Closing = "\"'”’»)]}」』）】";

    // Words that begin a phrase: conjunctions and prepositions of the languages that are spoken most.
    private static readonly HashSet<string> Leads = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "but", "or", "nor", "so", "because", "although", "while", "when", "where", "which", "who", "that", "if", "then", "than",
        "in", "on", "at", "of", "to", "for", "with", "from", "by", "about", "after", "before", "into", "over", "under", "between",
        "und", "aber", "oder", "denn", "weil", "dass", "wenn", "als", "mit", "von", "zu", "auf", "für", "aus", "bei", "nach",
        "et", "mais", "ou", "donc", "car", "que", "qui", "quand", "avec", "pour", "dans", "sur", "par", "sans", "de",
        "y", "pero", "o", "porque", "cuando", "con", "para", "en", "por", "sin", "e", "ma", "perché", "quando", "per", "da", "mas", "em",
    };

    // Words that belong to what follows them.
    private static readonly HashSet<string> Leaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "a", "an", "the", "my", "your", "his", "her", "its", "our", "their", "this", "these", "mr.", "mrs.", "dr.", "i", "we", "they", "he", "she",
        "der", "die", "das", "den", "dem", "ein", "eine", "einen", "le", "la", "les", "un", "une", "des", "el", "los", "las", "una", "il", "gli",
    };

    public static int Cost(Piece before, Piece after) => after.Join switch
    {
        PieceJoin.Glued => Never,
        PieceJoin.Split => InsideLongWord,
        _ when EndsSentence(before.Text) => AfterSentence,
        _ when EndsWith(before.Text, ClauseEnds) => AfterClause,
        PieceJoin.Inner => InsideWord,
        PieceJoin.Word => Plain,
        _ when Leaders.Contains(before.Text) || Leads.Contains(before.Text) => AfterLeader,
        _ when Leads.Contains(after.Text) => BeforePhrase,
        _ => Plain,
    };

    /// <summary>Whether a sentence ends there, as far as can be told without the next word: "Mr." and "J." don't.</summary>
    public static bool EndsSentence(string text)
    {
        if (!EndsWith(text, SentenceEnds))
        {
            return false;
        }

        var word = text.AsSpan().TrimEnd(Closing);
        return word[^1] != '.' || word.Length > LongestAbbreviation + 1 || !char.IsUpper(word[0]);
    }

    private static bool EndsWith(string text, string marks)
    {
        var trimmed = text.AsSpan().TrimEnd(Closing);
        return trimmed.Length > 0 && marks.Contains(trimmed[^1], StringComparison.Ordinal);
    }
}
