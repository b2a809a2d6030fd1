using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>
/// Blocks that Kestrel reads into, each with room for a whole HTTP/2 frame. Its own are of 4 KiB, and an upload then takes four
/// reads, each a call to the system, for one frame.
/// </summary>
internal sealed class WideMemoryPool : MemoryPool<byte>
{
    private const int BlockBytes = 20 * 1024;

    // Free blocks that are kept, 10 MB; more are left to the collector.
    private const int MostFree = 512;

    private readonly ConcurrentQueue<Block> _free = [];

    public override int MaxBufferSize => BlockBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (!_free.TryDequeue(out var block))
        {
            return new Block(this);
        }

        block.Take();
        return block;
    }

    protected override void Dispose(bool disposing) => _free.Clear();

    private sealed class Block(WideMemoryPool pool) : IMemoryOwner<byte>
    {
        // Pinned, since the system writes to it while the collector may run.
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
        private bool _given;

        public Memory<byte> Memory => _bytes;

        public void Take() => Volatile.Write(ref _given, false);

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _given, true) && pool._free.Count < MostFree)
            {
                pool._free.Enqueue(this);
            }
        }
    }
}

/// <summary>Gives every listener pools of its own, as Kestrel's factory does.</summary>
internal sealed class WideMemoryPools : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new WideMemoryPool();
}
