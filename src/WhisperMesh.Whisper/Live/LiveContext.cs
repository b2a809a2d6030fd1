namespace WhisperMesh.Whisper.Live;

/// <summary>The text that the model is told as said before; bounded, and a function of the text alone, so that it resumes.</summary>
internal static class LiveContext
{
    /// <summary>Characters of it, as whisper_streaming has them: two sentences.</summary>
    private const int Longest = 200;

    /// <summary>The end of the text, at a word where it has spaces.</summary>
    public static string EndOf(string text)
    {
        if (text.Length <= Longest)
        {
            return text;
        }
        var start = text.Length - Longest;
        var space = text.IndexOf(' ', start);
        start = space >= 0 ? space : char.IsLowSurrogate(text[start]) ? start + 1 : start;
        return text[start..];
    }
}
