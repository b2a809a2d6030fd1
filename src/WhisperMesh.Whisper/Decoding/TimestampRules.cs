using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// The constraints under which Whisper writes timestamps: they open the text, come in pairs between segments and never go back.
/// </summary>
internal static class TimestampRules
{
    /// <summary>
    /// What may follow <paramref name="sampled"/>. <paramref name="last"/> is the end of the window, as a token: the model has heard
    /// nothing after it.
    /// </summary>
    public static FollowingTokens Following(ReadOnlySpan<int> sampled, ControlTokens control, int last)
    {
        var first = control.FirstTimestamp;
        if (sampled.IsEmpty)
        {
            return new FollowingTokens((0, 0), (first, Math.Min(first + control.MaxInitialTimestampIndex, last) + 1));
        }
        var afterTimestamp = control.IsTimestamp(sampled[^1]);
        if (!afterTimestamp)
        {
            // A segment takes time, so its end is after its start.
            return new FollowingTokens((0, control.EndOfText + 1), (LastTimestamp(sampled, control) + 1, last + 1));
        }
        return sampled.Length < 2 || control.IsTimestamp(sampled[^2])
            ? new FollowingTokens((0, control.EndOfText + 1), (0, 0))
            : new FollowingTokens((control.EndOfText, control.EndOfText + 1), (sampled[^1], last + 1));
    }

    private static int LastTimestamp(ReadOnlySpan<int> sampled, ControlTokens control)
    {
        for (var i = sampled.Length - 1; i >= 0; i--)
        {
            if (control.IsTimestamp(sampled[i]))
            {
                return sampled[i];
            }
        }
        return control.FirstTimestamp - 1;
    }
}

/// <summary>Tokens from the first up to, and without, the second: words with the end of the text, and timestamps.</summary>
internal readonly record struct FollowingTokens((int From, int To) Words, (int From, int To) Times);
