using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace WhisperMesh.Benchmarks.Corpus;

/// <summary>The one kind of WAV that the benchmarks read and write: a header of 44 bytes, then 16-bit mono at 16 kHz.</summary>
internal static class WavFile
{
    public const int SampleRateHz = 16_000;

    private const int HeaderSize = 44;

    public static short[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan(HeaderSize);
        return MemoryMarshal.Cast<byte, short>(bytes[..(bytes.Length & ~1)]).ToArray();
    }

    public static void Write(string path, ReadOnlySpan<short> samples)
    {
        var data = MemoryMarshal.AsBytes(samples);
        using var file = File.Create(path);
        file.Write(Header(data.Length));
        file.Write(data);
    }

    public static TimeSpan Time(long samples) => TimeSpan.FromSeconds((double)samples / SampleRateHz);

    private static byte[] Header(int dataLength)
    {
        var header = new byte[HeaderSize];
        var span = header.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], HeaderSize - 8 + dataLength);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], SampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], 2 * SampleRateHz);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], dataLength);
        return header;
    }
}
