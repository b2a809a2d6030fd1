namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Sees when tokens repeat one after another: in short texts compression misses that. People do say "no" five times over, and repeat
/// a sentence; a model that loops goes on.
/// </summary>
/// <remarks>Timestamps count as equal, since a loop counts them up. Looks at tokens only and allocates nothing.</remarks>
internal static class LoopGuard
{
    /// <summary>Longest loop that is looked for: four times as long is more than a window has.</summary>
    private const int LongestPeriod = 56;

    // While the text grows only what nobody says is stopped: what comes after it in the window is lost.
    private static readonly (int Period, int Times)[] Growing = [(1, 16), (2, 12), (4, 8), (8, 6), (LongestPeriod, 4)];
    private static readonly (int Period, int Times)[] Whole = [(1, 8), (2, 6), (4, 5), (LongestPeriod, 4)];

    /// <summary>Whether the end of a growing text goes in circles, so that it need not grow further.</summary>
    public static bool IsLooping(ReadOnlySpan<int> tokens, int firstTimestamp)
    {
        for (var period = 1; period <= LongestPeriod && period < tokens.Length; period++)
        {
            var needed = Repeats(Growing, period);
            if (tokens.Length < needed + period)
            {
                continue;
            }
            var at = tokens.Length - 1;
            while (needed > 0 && AreSame(tokens[at], tokens[at - period], firstTimestamp))
            {
                needed--;
                at--;
            }
            if (needed == 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a finished text repeats something more often than people do.</summary>
    public static bool HasLoop(ReadOnlySpan<int> tokens, int firstTimestamp)
    {
        for (var period = 1; period <= LongestPeriod && period < tokens.Length; period++)
        {
            var (needed, run) = (Repeats(Whole, period), 0);
            for (var at = period; at < tokens.Length; at++)
            {
                run = AreSame(tokens[at], tokens[at - period], firstTimestamp) ? run + 1 : 0;
                if (run >= needed)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>How many tokens in a row must equal those one period before.</summary>
    private static int Repeats((int Period, int Times)[] limits, int period)
    {
        foreach (var (longest, times) in limits)
        {
            if (period <= longest)
            {
                return (times - 1) * period;
            }
        }
        return int.MaxValue;
    }

    private static bool AreSame(int one, int other, int firstTimestamp) =>
        one == other || one >= firstTimestamp && other >= firstTimestamp;
}
