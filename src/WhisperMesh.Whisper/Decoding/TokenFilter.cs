using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Tells what may follow a text: no marks, no suppressed symbols, timestamps by their rules. Looks twice at a row of the vocabulary:
/// for the peaks, and for the sum that probabilities are taken of. Has work space of its own: not thread-safe.
/// </summary>
internal sealed class TokenFilter(DecodingTask task, ControlTokens control)
{
    private readonly int[] _suppressed = [.. control.Suppressed.Where(control.IsText)];
    private readonly int _words = control.EndOfText + 1;
    private float[] _wordPeaks = [];
    private float[] _timePeaks = [];

    /// <summary>Reads the logits of one row, which are changed where a token is never allowed.</summary>
    public AllowedTokens Read(Span<float> logits, ReadOnlySpan<int> tokens)
    {
        Forbid(logits, _suppressed);
        if (!task.Timestamps)
        {
            if (tokens.IsEmpty && !task.IsBegun)
            {
                Forbid(logits, control.SuppressedAtBegin);
            }
            return new AllowedTokens(logits, Run(logits, (0, _words), ref _wordPeaks), LogitRun.None);
        }
        var last = Math.Min(control.FirstTimestamp + task.Positions, logits.Length - 1);
        var ranges = TimestampRules.Following(tokens, control, last);
        var times = Run(logits, ranges.Times, ref _timePeaks);
        var words = Run(logits, ranges.Words, ref _wordPeaks);
        // Timestamps are taken when together they are likelier than any one word.
        var timesOnly = times.Peak > words.Peak
            || !float.IsNegativeInfinity(times.Peak) && times.Peak + Math.Log(times.SumExp(times.Peak, 1)) > words.Peak;
        return new AllowedTokens(logits, timesOnly ? LogitRun.None : words, times);
    }

    private static LogitRun Run(ReadOnlySpan<float> logits, (int From, int To) range, ref float[] peaks)
    {
        var values = range.From < range.To ? logits[range.From..range.To] : [];
        if (peaks.Length < LogitRun.PeaksFor(values.Length))
        {
            peaks = new float[LogitRun.PeaksFor(logits.Length)];
        }
        return new LogitRun(range.From, values, peaks);
    }

    private static void Forbid(Span<float> logits, IReadOnlyList<int> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            logits[tokens[i]] = float.NegativeInfinity;
        }
    }
}
