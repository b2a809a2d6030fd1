using System.Numerics.Tensors;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Arithmetic on one row of the vocabulary.</summary>
internal static class Logits
{
    private const int Block = 1024;

    /// <summary>log Σ exp: what to take from a logit to get its log probability.</summary>
    public static float LogSumExp(ReadOnlySpan<float> logits)
    {
        var peak = TensorPrimitives.Max(logits);
        if (float.IsNegativeInfinity(peak))
        {
            return peak;
        }
        Span<float> scratch = stackalloc float[Block];
        var sum = 0.0;
        while (!logits.IsEmpty)
        {
            var part = scratch[..Math.Min(Block, logits.Length)];
            TensorPrimitives.Subtract(logits[..part.Length], peak, part);
            TensorPrimitives.Exp(part, part);
            sum += TensorPrimitives.Sum(part);
            logits = logits[part.Length..];
        }
        return peak + (float)Math.Log(sum);
    }

    public static float Probability(ReadOnlySpan<float> logits, int token) => MathF.Exp(logits[token] - LogSumExp(logits));

    public static int Best(ReadOnlySpan<float> logits) => TensorPrimitives.IndexOfMax(logits);

    /// <summary>Draws a token from the distribution at a temperature above 0.</summary>
    public static int Sample(ReadOnlySpan<float> logits, float temperature, Random random)
    {
        var peak = TensorPrimitives.Max(logits);
        var total = 0.0;
        foreach (var logit in logits)
        {
            total += Math.Exp((logit - peak) / temperature);
        }
        var left = random.NextDouble() * total;
        var last = 0;
        for (var token = 0; token < logits.Length; token++)
        {
            var weight = Math.Exp((logits[token] - peak) / temperature);
            if (weight > 0)
            {
                last = token;
                left -= weight;
                if (left < 0)
                {
                    return token;
                }
            }
        }
        return last;
    }
}
