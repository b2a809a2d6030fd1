using System.Runtime.CompilerServices;

namespace WhisperMesh.Audio.Vad;

/// <summary>
/// Zeroed floats that begin at a cache line and stay in place: a vector of AVX-512 that straddles two lines takes twice the time.
/// </summary>
internal sealed unsafe class AlignedFloats
{
    private const int LineBytes = 64;

    private readonly float[] _array;
    private readonly int _start;

    public AlignedFloats(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _array[0]);
        _start = (int)((LineBytes - (address % LineBytes)) % LineBytes / sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_start, Length);
}
