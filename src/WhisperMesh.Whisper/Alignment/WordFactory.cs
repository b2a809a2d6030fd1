using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Makes the words of a window out of its tokens and their times.</summary>
internal static class WordFactory
{
    /// <param name="tokens">The window's text, timestamps left out.</param>
    /// <param name="logProbabilities">One for each token.</param>
    /// <param name="times">Seconds in the window at which each token begins, and the last one's end.</param>
    /// <param name="segments">The model's own timestamps: seconds at which the segment begins whose first token it is.</param>
    /// <param name="language">Language of the text, which for a translation is not that of the speech.</param>
    /// <param name="tokenizer">Spells the tokens.</param>
    /// <param name="pauses">Where the window is quiet.</param>
    public static IReadOnlyList<PlacedWord> Make(
        ReadOnlySpan<int> tokens, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<double> times,
        IReadOnlyDictionary<int, double> segments, string language, Tokenizer tokenizer, Pauses pauses)
    {
        var words = WordSplitter.Split(tokens, language, tokenizer);
        var aligned = new AlignedWord[words.Count];
        for (var i = 0; i < aligned.Length; i++)
        {
            double? segmentStart = segments.TryGetValue(words[i].First, out var seconds) ? seconds : null;
            aligned[i] = new AlignedWord(words[i].Text, times[words[i].CoreFirst], times[words[i].CoreEnd], segmentStart);
        }
        var places = WordPlaces.Find(aligned, times[^1], pauses);
        var placed = new PlacedWord[words.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            var (text, first, end) = (words[i].Text, words[i].First, words[i].End);
            placed[i] = new PlacedWord(text, first, end, places[i].Start, places[i].End, Probability(logProbabilities[first..end]));
        }
        return placed;
    }

    private static float Probability(ReadOnlySpan<float> logProbabilities)
    {
        var sum = 0f;
        foreach (var logProbability in logProbabilities)
        {
            sum += MathF.Exp(logProbability);
        }
        return sum / logProbabilities.Length;
    }
}

/// <summary>A word of tokens [First, End), and its place in the window in seconds.</summary>
internal sealed record PlacedWord(string Text, int First, int End, double StartSeconds, double EndSeconds, float Probability);
