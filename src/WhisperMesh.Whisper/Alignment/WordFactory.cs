using WhisperMesh.Whisper.Tokens;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Makes the words of one segment out of its tokens and their times in the window.</summary>
internal static class WordFactory
{
    /// <param name="tokens">The segment's text.</param>
    /// <param name="logProbabilities">One for each token.</param>
    /// <param name="times">Seconds in the window at which each token begins, and the last one's end.</param>
    /// <param name="language">Language of the text, which for a translation is not that of the speech.</param>
    /// <param name="tokenizer">Spells the tokens.</param>
    /// <param name="window">Knows where the window's parts lie on the stream.</param>
    /// <param name="bounds">The segment on the stream; its words stay inside.</param>
    public static IReadOnlyList<TranscriptWord> Make(
        int[] tokens, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<double> times,
        string language, Tokenizer tokenizer, SpeechWindow window, (long Start, long End) bounds)
    {
        var words = new List<TranscriptWord>();
        var earliest = bounds.Start;
        var edges = new QuietEdges(window.Samples);
        foreach (var word in WordSplitter.Split(tokens, language, tokenizer))
        {
            var (from, to) = edges.Trim(times[word.CoreFirst], times[word.CoreEnd]);
            var start = Math.Clamp(window.StreamStartOf(from), earliest, bounds.End);
            var end = Math.Clamp(window.StreamEndOf(to), start, bounds.End);
            earliest = end;
            words.Add(new TranscriptWord(
                word.Text, SegmentFactory.Time(start), SegmentFactory.Time(end) - SegmentFactory.Time(start),
                Probability(logProbabilities[word.First..word.End])));
        }
        return words;
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
