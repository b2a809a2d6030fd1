using System.Numerics.Tensors;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>
/// Turns the scores of the alignment heads into what it costs to hear a token at a place, as the Whisper authors do: attention, scaled
/// per head and place over the tokens, smoothed by a median over places, averaged over heads.
/// </summary>
internal static class AttentionCost
{
    /// <param name="scores">[heads, tokens, positions], before softmax; used as work space.</param>
    /// <param name="heads">Alignment heads.</param>
    /// <param name="tokens">All tokens of the pass.</param>
    /// <param name="positions">Positions that a row holds.</param>
    /// <param name="heard">Positions that hold audio; the silence behind them is left out.</param>
    /// <returns>[tokens, heard]: low where the token is likely to be heard.</returns>
    public static float[] Compute(Span<float> scores, int heads, int tokens, int positions, int heard)
    {
        var cost = new float[tokens * heard];
        var smooth = new float[heard];
        for (var head = 0; head < heads; head++)
        {
            var attention = scores.Slice(head * tokens * positions, tokens * positions);
            for (var token = 0; token < tokens; token++)
            {
                var row = attention.Slice(token * positions, heard);
                TensorPrimitives.SoftMax(row, row);
            }
            Standardise(attention, tokens, positions, heard);
            for (var token = 0; token < tokens; token++)
            {
                MedianFilter.Smooth(attention.Slice(token * positions, heard), smooth);
                var sum = cost.AsSpan(token * heard, heard);
                TensorPrimitives.MultiplyAdd(smooth, -1f / heads, sum, sum);
            }
        }
        return cost;
    }

    /// <summary>Mean 0 and deviation 1 over the tokens at each place: a place that all tokens look at tells nothing.</summary>
    private static void Standardise(Span<float> attention, int tokens, int positions, int heard)
    {
        var (mean, scale) = (new float[heard], new float[heard]);
        for (var token = 0; token < tokens; token++)
        {
            TensorPrimitives.Add(mean, attention.Slice(token * positions, heard), mean);
        }
        TensorPrimitives.Divide(mean, tokens, mean);
        for (var token = 0; token < tokens; token++)
        {
            var row = attention.Slice(token * positions, heard);
            TensorPrimitives.Subtract(row, mean, row);
            TensorPrimitives.MultiplyAdd(row, row, scale, scale);
        }
        for (var place = 0; place < heard; place++)
        {
            scale[place] = scale[place] > 0 ? 1 / MathF.Sqrt(scale[place] / tokens) : 0;
        }
        for (var token = 0; token < tokens; token++)
        {
            var row = attention.Slice(token * positions, heard);
            TensorPrimitives.Multiply(row, scale, row);
        }
    }
}
