namespace WhisperMesh.Whisper.Live;

/// <summary>Compares words as listeners do: case, and the punctuation around a word, tell nothing.</summary>
internal static class WordMatch
{
    public static bool AreSame(HeardWord one, HeardWord other) => AreSame(one.Text, other.Text);

    public static bool AreSame(string one, string other)
    {
        var first = Core(one);
        var second = Core(other);
        return first.IsEmpty && second.IsEmpty
            ? one.AsSpan().Trim().SequenceEqual(other.AsSpan().Trim())
            : first.Equals(second, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a word is the beginning of another one at its place.</summary>
    public static bool Begins(HeardWord one, HeardWord longer)
    {
        var core = Core(one.Text);
        return !core.IsEmpty && longer.Start < one.End && Core(longer.Text).StartsWith(core, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How many words at the start of both are the same.</summary>
    public static int CommonPrefix(IReadOnlyList<HeardWord> one, IReadOnlyList<HeardWord> other)
    {
        var count = 0;
        while (count < one.Count && count < other.Count && AreSame(one[count], other[count]))
        {
            count++;
        }
        return count;
    }

    private static ReadOnlySpan<char> Core(string word)
    {
        var (start, end) = (0, word.Length);
        while (start < end && !char.IsLetterOrDigit(word, start))
        {
            start++;
        }
        while (end > start && !char.IsLetterOrDigit(word[end - 1]) && !char.IsSurrogate(word[end - 1]))
        {
            end--;
        }
        return word.AsSpan(start, end - start);
    }
}
