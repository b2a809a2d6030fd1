using System.Runtime.InteropServices;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>Memory outside the managed heap, aligned to a cache line. Its finaliser frees it if nobody does.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    private const nuint CacheLine = 64;

    private void* _memory;

    public NativeBlock(int byteCount)
    {
        ByteCount = byteCount;
        _memory = NativeMemory.AlignedAlloc((nuint)byteCount, CacheLine);
    }

    ~NativeBlock() => Free();

    public int ByteCount { get; }

    public uint* Words => (uint*)_memory;

    public float* Floats => (float*)_memory;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
