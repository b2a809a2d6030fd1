using System.Numerics.Tensors;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// The constraints under which Whisper writes timestamps: they open the text, come in pairs between segments, never go back, and are
/// taken when together they are likelier than any one word.
/// </summary>
internal static class TimestampRules
{
    /// <summary>
    /// Forbids in <paramref name="logits"/> what may not follow <paramref name="sampled"/>. <paramref name="lastTimestamp"/> is the
    /// end of the window, as a token: the model has heard nothing after it.
    /// </summary>
    public static void Apply(Span<float> logits, ReadOnlySpan<int> sampled, ControlTokens control, int lastTimestamp)
    {
        var first = control.FirstTimestamp;
        Forbid(logits[(lastTimestamp + 1)..]);
        if (sampled.IsEmpty)
        {
            Forbid(logits[..first]);
            Forbid(logits[Math.Min(first + control.MaxInitialTimestampIndex + 1, logits.Length)..]);
            return;
        }
        var afterTimestamp = control.IsTimestamp(sampled[^1]);
        var afterPair = afterTimestamp && (sampled.Length < 2 || control.IsTimestamp(sampled[^2]));
        if (afterPair)
        {
            Forbid(logits[first..]);
        }
        else if (afterTimestamp)
        {
            Forbid(logits[..control.EndOfText]);
        }
        Forbid(logits[first..Earliest(sampled, control, mayRepeat: afterTimestamp && !afterPair)]);
        PreferTimestamp(logits, first);
    }

    /// <summary>No going back; and a segment takes time, so only the second of a pair may repeat the one before.</summary>
    private static int Earliest(ReadOnlySpan<int> sampled, ControlTokens control, bool mayRepeat)
    {
        for (var i = sampled.Length - 1; i >= 0; i--)
        {
            if (control.IsTimestamp(sampled[i]))
            {
                return mayRepeat ? sampled[i] : sampled[i] + 1;
            }
        }
        return control.FirstTimestamp;
    }

    private static void PreferTimestamp(Span<float> logits, int first)
    {
        if (Logits.LogSumExp(logits[first..]) > TensorPrimitives.Max<float>(logits[..first]))
        {
            Forbid(logits[..first]);
        }
    }

    private static void Forbid(Span<float> logits) => logits.Fill(float.NegativeInfinity);
}
