using System.Runtime.Intrinsics;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Two 16-bit floats (the upper half of a float, "bfloat16") in one word: half the memory to stream, unpacked by a shift and a
/// mask. Their rounding, one part in 512, is less than that of the int8 products around them, one part in 254 of a block's peak.
/// </summary>
internal static class PackedFloat
{
    private const uint UpperHalf = 0xFFFF0000;

    /// <summary>Packs vectors of floats, rounded to nearest even.</summary>
    public static Vector512<uint> Pack(Vector512<float> lower, Vector512<float> upper) =>
        (Round(lower) >> 16) | (Round(upper) & Vector512.Create(UpperHalf));

    public static Vector512<float> Lower(Vector512<uint> words) => (words << 16).AsSingle();

    public static Vector512<float> Upper(Vector512<uint> words) => (words & Vector512.Create(UpperHalf)).AsSingle();

    private static Vector512<uint> Round(Vector512<float> values)
    {
        var bits = values.AsUInt32();
        return bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One);
    }
}
