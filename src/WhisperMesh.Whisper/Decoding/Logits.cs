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
        return float.IsNegativeInfinity(peak) ? peak : peak + (float)Math.Log(SumExp(logits, peak, 1));
    }

    /// <summary>Σ exp((logit − <paramref name="peak"/>) · <paramref name="sharpness"/>).</summary>
    public static double SumExp(ReadOnlySpan<float> logits, float peak, float sharpness)
    {
        Span<float> scratch = stackalloc float[Block];
        var sum = 0.0;
        while (!logits.IsEmpty)
        {
            var part = scratch[..Math.Min(Block, logits.Length)];
            TensorPrimitives.Subtract(logits[..part.Length], peak, part);
            if (sharpness != 1)
            {
                TensorPrimitives.Multiply(part, sharpness, part);
            }
            TensorPrimitives.Exp(part, part);
            sum += TensorPrimitives.Sum<float>(part);
            logits = logits[part.Length..];
        }
        return sum;
    }

    public static float Probability(ReadOnlySpan<float> logits, int token) => MathF.Exp(logits[token] - LogSumExp(logits));
}
