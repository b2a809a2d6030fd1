using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>Attention of a layer's tokens to the audio of their row.</summary>
internal sealed unsafe class CrossAttentionKernel(AttentionOps owner, int layer) : AttentionKernel(owner, layer)
{
    private const int Lanes = 16;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Attend(PlannedRow row, int head, float* input, float* output)
    {
        var positions = row.Audio.Positions;
        var blocks = (positions + CrossMemory.BlockPositions - 1) / CrossMemory.BlockPositions;
        var keys = row.Audio.Keys(Layer, head);
        var values = row.Audio.Values(Layer, head);
        var width = Dimensions.Heads * HeadMath.HeadSize;
        var query = stackalloc float[HeadMath.HeadSize];
        var scores = stackalloc float[blocks * CrossMemory.BlockPositions];
        var heard = new Span<float>(scores, positions);
        for (var token = 0; token < row.Count; token++)
        {
            var at = (row.First + token) * width + head * HeadMath.HeadSize;
            for (var i = 0; i < HeadMath.HeadSize; i++)
            {
                query[i] = input[at + i] * HeadMath.Scale;
            }
            HeadMath.ScorePacked(query, keys, blocks, scores);
            if (row.Scores is { } wanted && wanted.At(Layer, head, token) is { IsEmpty: false } taken)
            {
                heard.CopyTo(taken);
            }
            Gather(values, scores, positions, HeadMath.Weigh(heard), output + at);
        }
    }

    /// <summary>The weighted sum of the values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(uint* values, float* weights, int positions, float scale, float* result)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        Vector512<float> a2 = default, b2 = default, c2 = default, d2 = default;
        var position = 0;
        for (; position + 2 <= positions; position += 2, values += 4 * Lanes)
        {
            var even = Vector512.Create(weights[position]);
            var odd = Vector512.Create(weights[position + 1]);
            var left = Vector512.Load(values);
            var right = Vector512.Load(values + Lanes);
            var left2 = Vector512.Load(values + 2 * Lanes);
            var right2 = Vector512.Load(values + 3 * Lanes);
            a = Vector512.FusedMultiplyAdd(PackedFloat.Lower(left), even, a);
            b = Vector512.FusedMultiplyAdd(PackedFloat.Upper(left), even, b);
            c = Vector512.FusedMultiplyAdd(PackedFloat.Lower(right), even, c);
            d = Vector512.FusedMultiplyAdd(PackedFloat.Upper(right), even, d);
            a2 = Vector512.FusedMultiplyAdd(PackedFloat.Lower(left2), odd, a2);
            b2 = Vector512.FusedMultiplyAdd(PackedFloat.Upper(left2), odd, b2);
            c2 = Vector512.FusedMultiplyAdd(PackedFloat.Lower(right2), odd, c2);
            d2 = Vector512.FusedMultiplyAdd(PackedFloat.Upper(right2), odd, d2);
        }
        if (position < positions)
        {
            var weight = Vector512.Create(weights[position]);
            var left = Vector512.Load(values);
            var right = Vector512.Load(values + Lanes);
            a = Vector512.FusedMultiplyAdd(PackedFloat.Lower(left), weight, a);
            b = Vector512.FusedMultiplyAdd(PackedFloat.Upper(left), weight, b);
            c = Vector512.FusedMultiplyAdd(PackedFloat.Lower(right), weight, c);
            d = Vector512.FusedMultiplyAdd(PackedFloat.Upper(right), weight, d);
        }
        var factor = Vector512.Create(scale);
        ((a + a2) * factor).Store(result);
        ((b + b2) * factor).Store(result + Lanes);
        ((c + c2) * factor).Store(result + 2 * Lanes);
        ((d + d2) * factor).Store(result + 3 * Lanes);
    }
}
