namespace WhisperMesh.Whisper.Live;

/// <summary>
/// Text that says a phrase twice over in less time than anybody needs to: what a model likes to make of a phrase's first moments, long
/// before it is a loop by any other measure.
/// </summary>
internal static class SaidTwice
{
    // Who reads aloud as fast as they can reaches 20.
    private const double MostLettersPerSecond = 22;

    private const int LeastWords = 2;

    /// <param name="words">All words of a window.</param>
    /// <param name="voice">Voice in it.</param>
    public static bool IsIn(IReadOnlyList<HeardWord> words, TimeSpan voice) =>
        words.Sum(word => word.Text.Count(char.IsLetterOrDigit)) > MostLettersPerSecond * voice.TotalSeconds && HasRepetition(words);

    private static bool HasRepetition(IReadOnlyList<HeardWord> words)
    {
        for (var length = LeastWords; 2 * length <= words.Count; length++)
        {
            for (var (at, run) = (0, 0); at + length < words.Count; at++)
            {
                run = WordMatch.AreSame(words[at], words[at + length]) ? run + 1 : 0;
                if (run == length)
                {
                    return true;
                }
            }
        }
        return false;
    }
}
