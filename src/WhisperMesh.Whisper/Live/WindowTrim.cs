using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>Finds where a long window may begin anew: between committed words, best after a sentence, else in the longest pause.</summary>
internal static class WindowTrim
{
    private const string SentenceEnds = ".!?。！？…";

    // A word that begins at once after another is cut off by a few hundredths of a second too much.
    private const long LeastPause = LogMel.SampleRateHz / 20;

    /// <summary>The place; null when there is none.</summary>
    /// <param name="committed">Committed words of the window.</param>
    /// <param name="next">Where the first word after them begins.</param>
    /// <param name="from">The earliest place that helps; then any place between words does.</param>
    public static long? Find(IReadOnlyList<HeardWord> committed, long next, long? from = null)
    {
        (long Place, long Pause)? best = null;
        for (var i = committed.Count - 1; i >= 0; i--)
        {
            var pause = (i + 1 < committed.Count ? committed[i + 1].Start : next) - committed[i].End;
            var place = committed[i].End + Math.Max(0, pause) / 2;
            if (place < from)
            {
                break;
            }
            if (EndsSentence(committed[i].Text) && pause >= LeastPause)
            {
                return place;
            }
            if ((from is not null || pause >= 3 * LeastPause) && (best is null || pause > best.Value.Pause))
            {
                best = (place, pause);
            }
        }
        return best?.Place;
    }

    private static bool EndsSentence(string word) => word.AsSpan().TrimEnd("\"'”’») ") is { IsEmpty: false } core && SentenceEnds.Contains(core[^1]);
}
