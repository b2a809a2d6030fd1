using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Attention of a layer's tokens to those before them in their row, and to themselves. The input holds queries, keys and values
/// side by side; keys and values go into the row's memory first.
/// </summary>
internal sealed unsafe class SelfAttentionKernel(AttentionOps owner, int layer) : AttentionKernel(owner, layer)
{
    private const int Lanes = 16;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Attend(PlannedRow row, int head, float* input, float* output)
    {
        var width = Dimensions.Heads * HeadMath.HeadSize;
        var past = row.Past.Length;
        for (var token = 0; token < row.Count; token++)
        {
            var source = input + (row.First + token) * 3L * width + head * HeadMath.HeadSize;
            Remember(row.Past, past + token, head, source + width, source + 2 * width);
        }
        var pages = (past + row.Count + SelfMemory.PageTokens - 1) / SelfMemory.PageTokens;
        var query = stackalloc float[HeadMath.HeadSize];
        var scores = stackalloc float[pages * SelfMemory.PageTokens];
        for (var token = 0; token < row.Count; token++)
        {
            var source = input + (row.First + token) * 3L * width + head * HeadMath.HeadSize;
            for (var i = 0; i < HeadMath.HeadSize; i++)
            {
                query[i] = source[i] * HeadMath.Scale;
            }
            var seen = past + token + 1;
            for (var page = 0; page * SelfMemory.PageTokens < seen; page++)
            {
                HeadMath.ScorePage(query, row.Past.Keys(page, Layer, head), scores + page * SelfMemory.PageTokens);
            }
            var scale = HeadMath.Weigh(new Span<float>(scores, seen));
            Gather(row.Past, head, scores, seen, scale, output + (row.First + token) * width + head * HeadMath.HeadSize);
        }
    }

    private void Remember(SelfMemory memory, int token, int head, float* key, float* value)
    {
        var (page, slot) = (token / SelfMemory.PageTokens, token % SelfMemory.PageTokens);
        var keys = memory.Keys(page, Layer, head) + slot;
        for (var i = 0; i < HeadMath.HeadSize; i++)
        {
            keys[i * SelfMemory.PageTokens] = key[i];
        }
        new Span<float>(value, HeadMath.HeadSize).CopyTo(
            new Span<float>(memory.Values(page, Layer, head) + slot * HeadMath.HeadSize, HeadMath.HeadSize));
    }

    /// <summary>The weighted sum of the values of the tokens seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(SelfMemory memory, int head, float* weights, int seen, float scale, float* result)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var first = 0; first < seen; first += SelfMemory.PageTokens)
        {
            var values = memory.Values(first / SelfMemory.PageTokens, Layer, head);
            var end = Math.Min(seen, first + SelfMemory.PageTokens);
            for (var token = first; token < end; token++, values += HeadMath.HeadSize)
            {
                var weight = Vector512.Create(weights[token]);
                a = Vector512.FusedMultiplyAdd(Vector512.Load(values), weight, a);
                b = Vector512.FusedMultiplyAdd(Vector512.Load(values + Lanes), weight, b);
                c = Vector512.FusedMultiplyAdd(Vector512.Load(values + 2 * Lanes), weight, c);
                d = Vector512.FusedMultiplyAdd(Vector512.Load(values + 3 * Lanes), weight, d);
            }
        }
        var factor = Vector512.Create(scale);
        (a * factor).Store(result);
        (b * factor).Store(result + Lanes);
        (c * factor).Store(result + 2 * Lanes);
        (d * factor).Store(result + 3 * Lanes);
    }
}
