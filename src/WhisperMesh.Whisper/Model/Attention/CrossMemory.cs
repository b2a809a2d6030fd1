using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// What the decoder reads of one encoded window: keys and values of every layer and head as 16-bit floats, laid out as
/// <see cref="CrossAttentionKernel"/> streams them. Immutable once filled; all rows that decode the window share it.
/// </summary>
internal sealed unsafe class CrossMemory : IDisposable
{
    /// <summary>Keys lie in blocks of so many positions, the last one filled up with zeros.</summary>
    public const int BlockPositions = 32;

    private const int Lanes = 16;

    private readonly AttentionPool _pool;
    private readonly NativeBlock _block;
    private bool _disposed;

    public CrossMemory(AttentionPool pool, int positions)
    {
        _pool = pool;
        Positions = positions;
        _block = pool.Rent(ByteCount(pool.Dimensions, positions));
    }

    /// <summary>Audio positions of 20 ms.</summary>
    public int Positions { get; }

    public static int ByteCount(ModelDimensions dimensions, int positions) =>
        2 * sizeof(uint) * dimensions.Layers * dimensions.Heads * WordsOf(dimensions, positions);

    /// <summary>Keys of a layer's head: blocks of [dimension][16 words], a word holding positions i and i + 16 of its block.</summary>
    public uint* Keys(int layer, int head) =>
        _block.Words + 2L * (layer * _pool.Dimensions.Heads + head) * WordsOf(_pool.Dimensions, Positions);

    /// <summary>Values of a layer's head: [position][32 words], in each half of a row the lower words' dimensions before the upper's.</summary>
    public uint* Values(int layer, int head) => Keys(layer, head) + WordsOf(_pool.Dimensions, Positions);

    /// <summary>Copies in keys or values of one head of one layer, [positions, head size].</summary>
    public void Fill(int layer, int head, float* keys, float* values)
    {
        FillKeys(Keys(layer, head), keys);
        FillValues(Values(layer, head), values);
    }

    /// <summary>Gives the memory back; nobody may read it any more.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _pool.Return(_block);
        }
    }

    private static int WordsOf(ModelDimensions dimensions, int positions) =>
        (positions + BlockPositions - 1) / BlockPositions * BlockPositions * dimensions.HeadSize / 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillKeys(uint* target, float* keys)
    {
        var size = _pool.Dimensions.HeadSize;
        var zeros = stackalloc float[size];
        new Span<float>(zeros, size).Clear();
        for (var first = 0; first < Positions; first += BlockPositions, target += size * Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var lower = first + lane < Positions ? keys + (first + lane) * size : zeros;
                var upper = first + lane + Lanes < Positions ? keys + (first + lane + Lanes) * size : zeros;
                for (var dimension = 0; dimension < size; dimension += Lanes)
                {
                    var words = PackedFloat.Pack(Vector512.Load(lower + dimension), Vector512.Load(upper + dimension));
                    var column = target + dimension * Lanes + lane;
                    for (var i = 0; i < Lanes; i++)
                    {
                        column[i * Lanes] = words[i];
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillValues(uint* target, float* values)
    {
        var count = Positions * _pool.Dimensions.HeadSize;
        for (var at = 0; at < count; at += 2 * Lanes, target += Lanes)
        {
            PackedFloat.Pack(Vector512.Load(values + at), Vector512.Load(values + at + Lanes)).Store(target);
        }
    }
}
