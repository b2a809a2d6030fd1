using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Sums over one head of 64 dimensions, four vectors wide, in a fixed order. Compiled with all optimisation at once, as all kernels here:
/// by tiers, the first second of a process would be slow.
/// </summary>
internal static unsafe class HeadMath
{
    /// <summary>The only head size of Whisper's models.</summary>
    public const int HeadSize = 64;

    /// <summary>1 / √<see cref="HeadSize"/>, by which scores are scaled.</summary>
    public const float Scale = 0.125f;

    private const int Lanes = 16;

    /// <summary>Query · key of 32 positions (two to a word) each for <paramref name="blocks"/> blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScorePacked(float* query, uint* keys, int blocks, float* scores)
    {
        const int BlockWords = HeadSize * Lanes;
        var block = 0;
        // Two blocks at once, for four sums that do not wait for each other.
        for (; block + 2 <= blocks; block += 2, keys += 2 * BlockWords, scores += 4 * Lanes)
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            for (var dimension = 0; dimension < HeadSize; dimension++)
            {
                var q = Vector512.Create(query[dimension]);
                var first = Vector512.Load(keys + dimension * Lanes);
                var second = Vector512.Load(keys + BlockWords + dimension * Lanes);
                a = Vector512.FusedMultiplyAdd(PackedFloat.Lower(first), q, a);
                b = Vector512.FusedMultiplyAdd(PackedFloat.Upper(first), q, b);
                c = Vector512.FusedMultiplyAdd(PackedFloat.Lower(second), q, c);
                d = Vector512.FusedMultiplyAdd(PackedFloat.Upper(second), q, d);
            }
            a.Store(scores);
            b.Store(scores + Lanes);
            c.Store(scores + 2 * Lanes);
            d.Store(scores + 3 * Lanes);
        }
        if (block < blocks)
        {
            Vector512<float> a = default, b = default;
            for (var dimension = 0; dimension < HeadSize; dimension++)
            {
                var q = Vector512.Create(query[dimension]);
                var words = Vector512.Load(keys + dimension * Lanes);
                a = Vector512.FusedMultiplyAdd(PackedFloat.Lower(words), q, a);
                b = Vector512.FusedMultiplyAdd(PackedFloat.Upper(words), q, b);
            }
            a.Store(scores);
            b.Store(scores + Lanes);
        }
    }

    /// <summary>Query · key of a page of <see cref="SelfMemory.PageTokens"/> tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScorePage(float* query, float* keys, float* scores)
    {
        Vector512<float> a = default, b = default, c = default, d = default;
        for (var dimension = 0; dimension < HeadSize; dimension += 2, keys += 4 * Lanes)
        {
            var even = Vector512.Create(query[dimension]);
            var odd = Vector512.Create(query[dimension + 1]);
            a = Vector512.FusedMultiplyAdd(Vector512.Load(keys), even, a);
            b = Vector512.FusedMultiplyAdd(Vector512.Load(keys + Lanes), even, b);
            c = Vector512.FusedMultiplyAdd(Vector512.Load(keys + 2 * Lanes), odd, c);
            d = Vector512.FusedMultiplyAdd(Vector512.Load(keys + 3 * Lanes), odd, d);
        }
        (a + c).Store(scores);
        (b + d).Store(scores + Lanes);
    }

    /// <summary>Turns scores into weights exp(score − highest) and gives one over their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Weigh(Span<float> scores)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.Exp(scores, scores);
        return 1 / TensorPrimitives.Sum<float>(scores);
    }
}
