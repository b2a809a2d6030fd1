using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Cuts a decoded window at its timestamps.</summary>
internal static class SegmentSplitter
{
    private const double SecondsPerTimestamp = 0.02;

    /// <summary>Seconds in the window that a timestamp stands for.</summary>
    public static double SecondsOf(int timestamp, ControlTokens control) => (timestamp - control.FirstTimestamp) * SecondsPerTimestamp;

    public static IEnumerable<TokenRange> Split(IReadOnlyList<int> tokens, double windowSeconds, ControlTokens control)
    {
        var (start, first) = (0.0, 0);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!control.IsTimestamp(tokens[i]))
            {
                continue;
            }
            // The model may place the end in the silence after the speech.
            var time = Math.Min(SecondsOf(tokens[i], control), windowSeconds);
            if (i > first)
            {
                yield return new TokenRange(first, i, start, time);
            }
            (start, first) = (time, i + 1);
        }
        if (first < tokens.Count)
        {
            yield return new TokenRange(first, tokens.Count, start, windowSeconds);
        }
    }
}

/// <summary>Tokens [First, End) and their time in the window, in seconds.</summary>
internal sealed record TokenRange(int First, int End, double StartSeconds, double EndSeconds);
