namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Keeps the memory of windows and rows that have left for those that come: fresh memory costs a page fault every 4 KB.
/// Thread-safe.
/// </summary>
internal sealed class AttentionPool(ModelDimensions dimensions) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, Stack<NativeBlock>> _free = [];
    private bool _disposed;

    /// <summary>Bytes that windows and rows hold.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>The most that was ever in use at once.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Bytes kept for the next.</summary>
    public long BytesFree { get; private set; }

    /// <summary>Most bytes to keep that nobody uses.</summary>
    public long MaxBytesFree { get; init; } = 256L << 20;

    /// <summary>Called after memory has been given back.</summary>
    public Action? Returned { get; set; }

    public ModelDimensions Dimensions => dimensions;

    public NativeBlock Rent(int byteCount)
    {
        lock (_lock)
        {
            BytesInUse += byteCount;
            PeakBytes = Math.Max(PeakBytes, BytesInUse);
            if (_free.TryGetValue(byteCount, out var blocks) && blocks.TryPop(out var block))
            {
                BytesFree -= byteCount;
                return block;
            }
        }
        return new NativeBlock(byteCount);
    }

    public void Return(NativeBlock block)
    {
        Keep(block);
        Returned?.Invoke();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var block in _free.Values.SelectMany(blocks => blocks))
            {
                block.Dispose();
            }
            _free.Clear();
            BytesFree = 0;
        }
    }

    private void Keep(NativeBlock block)
    {
        lock (_lock)
        {
            BytesInUse -= block.ByteCount;
            if (!_disposed && BytesFree + block.ByteCount <= MaxBytesFree)
            {
                BytesFree += block.ByteCount;
                if (!_free.TryGetValue(block.ByteCount, out var blocks))
                {
                    _free[block.ByteCount] = blocks = [];
                }
                blocks.Push(block);
                return;
            }
        }
        block.Dispose();
    }
}
