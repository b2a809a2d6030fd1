namespace WhisperMesh.Whisper.Alignment;

/// <summary>
/// Places words between pauses. What alignment says holds within a run of words without a pause; at its ends words begin and end with
/// the sound.
/// </summary>
internal static class WordPlaces
{
    // Alignment ends a word with its last vowel or so; what sounds after it is still its own, within reason.
    private const double LongestRest = 0.3;

    // Nobody speaks faster, so no word gets less where there is more.
    private const double LeastPerLetter = 0.03;
    private const double LeastAtMost = 0.15;

    private const double LongestMedian = 0.7;
    private const string SentenceEnds = ".!?。！？";

    /// <summary>Start and end of each word in seconds, in order and without overlaps.</summary>
    /// <param name="words">As alignment has them.</param>
    /// <param name="textEnd">Where it ends the text.</param>
    /// <param name="pauses">Where the window is quiet.</param>
    public static (double Start, double End)[] Find(ReadOnlySpan<AlignedWord> words, double textEnd, Pauses pauses)
    {
        var places = new (double Start, double End)[words.Length];
        var longest = LongestOpening(words);
        var (first, start, taken) = (0, 0.0, double.NegativeInfinity);
        for (var next = 0; next <= words.Length; next++)
        {
            var before = next == 0 ? (Start: double.NegativeInfinity, End: 0) : (words[next - 1].Start, words[next - 1].End);
            var after = next == words.Length
                ? (Start: Math.Max(textEnd, before.End), End: double.PositiveInfinity)
                : (words[next].Start, words[next].End);
            if (next > 0 && next < words.Length && words[next].SegmentStart is { } cut)
            {
                // The model itself has heard a pause here.
                cut = Math.Clamp(cut, before.Start, after.End);
                (before.End, after.Start) = (Math.Min(before.End, cut), Math.Max(after.Start, cut));
            }
            var pause = pauses.Between(before, after, taken) ?? Hidden(words, next, textEnd, longest);
            if (pause is not { } found || found.End < start)
            {
                continue;
            }
            PlaceRun(words[first..next], Math.Min(start, found.Start), found.Start, places.AsSpan(first..next));
            (first, start, taken) = (next, found.End, found.End);
        }
        return places;
    }

    /// <summary>A pause that noise may hide: a long gap between two words, or an opening word that lasts too long.</summary>
    private static (double Start, double End)? Hidden(ReadOnlySpan<AlignedWord> words, int next, double textEnd, double longest)
    {
        if (next == words.Length)
        {
            return next == 0 ? null : (Math.Min(textEnd, words[^1].End + LongestRest), double.PositiveInfinity);
        }
        if (next == 0)
        {
            return (0, words[0].Start);
        }
        var rest = words[next - 1].End + LongestRest;
        var start = SentenceEnds.Contains(words[next - 1].Text[^1])
            ? Math.Max(words[next].Start, words[next].End - longest)
            : words[next].Start;
        return start > rest ? (rest, start) : null;
    }

    /// <summary>
    /// The longest that the first word of a sentence lasts: as the Whisper authors, twice the median. Longer, it has the pause before
    /// it.
    /// </summary>
    private static double LongestOpening(ReadOnlySpan<AlignedWord> words)
    {
        var lengths = new double[words.Length];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = words[i].End - words[i].Start;
        }
        Array.Sort(lengths);
        return lengths.Length == 0 ? 0 : 2 * Math.Min(lengths[lengths.Length / 2], LongestMedian);
    }

    /// <summary>Fills a stretch of sound with its words: where alignment has them, but each with some time.</summary>
    private static void PlaceRun(ReadOnlySpan<AlignedWord> words, double start, double end, Span<(double Start, double End)> places)
    {
        var total = 0.0;
        foreach (var word in words)
        {
            total += Least(word);
        }
        var scale = total > end - start ? (end - start) / total : 1;
        var (from, left) = (start, total * scale);
        for (var i = 0; i < words.Length; i++)
        {
            var least = Least(words[i]) * scale;
            left -= least;
            var to = i == words.Length - 1 ? end : Math.Clamp(words[i + 1].Start, from + least, Math.Max(from + least, end - left));
            places[i] = (from, to);
            from = to;
        }
    }

    private static double Least(AlignedWord word) => Math.Min(word.Text.Length * LeastPerLetter, LeastAtMost);
}

/// <summary>A word and its time in seconds, without the punctuation around it.</summary>
/// <param name="Text">With the punctuation.</param>
/// <param name="Start">Where alignment begins it.</param>
/// <param name="End">Where alignment ends it.</param>
/// <param name="SegmentStart">The model's own timestamp before the first word of a segment.</param>
internal readonly record struct AlignedWord(string Text, double Start, double End, double? SegmentStart = null);
