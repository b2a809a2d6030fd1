using System.Numerics.Tensors;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>
/// Turns the scores of the alignment heads into what it costs to hear a token at a place, as the Whisper authors do: attention, scaled
/// per head and place over the tokens, smoothed by a median over places, averaged over heads.
/// </summary>
internal static class AttentionCost
{
    private const int MedianWidth = 7;

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
                Median(attention.Slice(token * positions, heard), smooth);
                var sum = cost.AsSpan(token * heard, heard);
                TensorPrimitives.MultiplyAdd(smooth, -1f / heads, sum, sum);
            }
        }
        return cost;
    }

    /// <summary>Mean 0 and deviation 1 over the tokens at each place: a place that all tokens look at tells nothing.</summary>
    private static void Standardise(Span<float> attention, int tokens, int positions, int heard)
    {
        for (var place = 0; place < heard; place++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var token = 0; token < tokens; token++)
            {
                double value = attention[token * positions + place];
                sum += value;
                squares += value * value;
            }
            var mean = sum / tokens;
            var deviation = Math.Sqrt(Math.Max(squares / tokens - mean * mean, 0));
            for (var token = 0; token < tokens; token++)
            {
                ref var value = ref attention[token * positions + place];
                value = deviation > 0 ? (float)((value - mean) / deviation) : 0;
            }
        }
    }

    /// <summary>The median around each place, the row being mirrored at its ends.</summary>
    internal static void Median(ReadOnlySpan<float> row, Span<float> smooth)
    {
        const int Half = MedianWidth / 2;
        if (row.Length <= Half)
        {
            row.CopyTo(smooth);
            return;
        }
        Span<float> around = stackalloc float[MedianWidth];
        for (var place = 0; place < row.Length; place++)
        {
            for (var i = 0; i < MedianWidth; i++)
            {
                var from = Math.Abs(place + i - Half);
                around[i] = row[from < row.Length ? from : 2 * (row.Length - 1) - from];
            }
            around.Sort();
            smooth[place] = around[Half];
        }
    }
}
