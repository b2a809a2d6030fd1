using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Groups the tokens of a text to words: at spaces, or at characters where a language writes no spaces.</summary>
internal static class WordSplitter
{
    private const string Opening = "\"'“¿¡([{«-";
    private const char Unfinished = '\uFFFD';

    private static readonly HashSet<string> WithoutSpaces = ["zh", "ja", "th", "lo", "my", "yue"];

    /// <summary>The words of the text; joined, their texts give the text.</summary>
    public static IReadOnlyList<TokenWord> Split(ReadOnlySpan<int> tokens, string language, Tokenizer tokenizer)
    {
        var words = new List<TokenWord>();
        foreach (var next in Characters(tokens, tokenizer))
        {
            if (words.Count == 0 || WithoutSpaces.Contains(language) || next.Text.StartsWith(' '))
            {
                words.Add(next);
            }
            else
            {
                words[^1] = Join(words[^1], next);
            }
        }
        return AttachPunctuation(words);
    }

    /// <summary>The smallest runs of tokens that are whole characters.</summary>
    private static List<TokenWord> Characters(ReadOnlySpan<int> tokens, Tokenizer tokenizer)
    {
        var found = new List<TokenWord>();
        var first = 0;
        for (var end = 1; end <= tokens.Length; end++)
        {
            var text = tokenizer.Decode(tokens[first..end]);
            if (end < tokens.Length && text.EndsWith(Unfinished))
            {
                continue;
            }
            var core = IsPunctuation(text) ? first : end;
            found.Add(new TokenWord(text, first, end, first, core));
            first = end;
        }
        return found;
    }

    /// <summary>Gives punctuation that stands alone to the word it belongs to.</summary>
    private static List<TokenWord> AttachPunctuation(List<TokenWord> words)
    {
        var attached = new List<TokenWord>();
        TokenWord? opening = null;
        foreach (var word in words)
        {
            var next = opening is null ? word : Join(opening, word);
            opening = null;
            if (!next.IsPunctuation)
            {
                attached.Add(next);
            }
            else if (attached.Count == 0 || next.Text.Trim().All(Opening.Contains))
            {
                opening = next;
            }
            else
            {
                attached[^1] = Join(attached[^1], next);
            }
        }
        if (opening is not null)
        {
            attached.Add(opening);
        }
        return attached;
    }

    private static TokenWord Join(TokenWord first, TokenWord second) => new(
        first.Text + second.Text,
        first.First,
        second.End,
        first.IsPunctuation ? second.CoreFirst : first.CoreFirst,
        second.IsPunctuation && !first.IsPunctuation ? first.CoreEnd : second.CoreEnd);

    private static bool IsPunctuation(string text) => text.AsSpan().Trim() is { IsEmpty: false } core && AllPunctuation(core);

    private static bool AllPunctuation(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsPunctuation(character))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>
/// Tokens [First, End) of a text that make a word; [CoreFirst, CoreEnd) of them without the punctuation around it, which takes no time.
/// </summary>
internal sealed record TokenWord(string Text, int First, int End, int CoreFirst, int CoreEnd)
{
    public bool IsPunctuation => CoreEnd == CoreFirst;
}
