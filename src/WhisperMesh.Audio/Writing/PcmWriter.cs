using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace WhisperMesh.Audio.Writing;

/// <summary>Writes 16-bit samples, and the header of a WAV file whose length isn't known yet.</summary>
internal static class PcmWriter
{
    private const int HeaderSize = 44;
    private const float FullScale = 32_767f;

    /// <summary>The header of a mono 16-bit WAV stream; its sizes are all ones, as streaming writers leave them.</summary>
    public static byte[] WavHeader(int sampleRateHz)
    {
        var header = new byte[HeaderSize];
        var span = header.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], uint.MaxValue);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], 2 * sampleRateHz);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[40..], uint.MaxValue);
        return header;
    }

    /// <summary>Rounds samples to 16 bits; what is above full scale is clipped.</summary>
    public static byte[] ToSigned16(ReadOnlySpan<float> samples)
    {
        var scaled = ArrayPool<float>.Shared.Rent(samples.Length);
        var floats = scaled.AsSpan(0, samples.Length);
        TensorPrimitives.Multiply(samples, FullScale, floats);
        TensorPrimitives.Round(floats, floats);
        var bytes = new byte[2 * samples.Length];
        TensorPrimitives.ConvertSaturating<float, short>(floats, MemoryMarshal.Cast<byte, short>(bytes.AsSpan()));
        ArrayPool<float>.Shared.Return(scaled);
        return bytes;
    }
}
