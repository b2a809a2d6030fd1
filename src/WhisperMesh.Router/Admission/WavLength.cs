using System.Buffers.Binary;

namespace WhisperMesh.Router.Admission;

/// <summary>Reads from the start of a WAV file how long it is.</summary>
internal static class WavLength
{
    /// <summary>Enough of the file to find its format in all but odd ones.</summary>
    public const int HeaderBytes = 4096;

    private const int ChunkHeaderBytes = 8;

    /// <summary>Bytes per second, where the samples begin, and how many bytes of them the header promises; 0 and -1 for what it does not say.</summary>
    public static (double BytesPerSecond, int DataStart, long DataBytes) Read(ReadOnlySpan<byte> header)
    {
        var bytesPerSecond = 0d;
        for (long at = 12; at + ChunkHeaderBytes <= header.Length;)
        {
            var chunk = header[(int)at..];
            long size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("fmt "u8) && chunk.Length >= ChunkHeaderBytes + 16)
            {
                var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[12..]);
                var block = BinaryPrimitives.ReadUInt16LittleEndian(chunk[20..]);
                bytesPerSecond = (double)rate * block;
            }
            else if (chunk.StartsWith("data"u8))
            {
                // A writer that streams does not know the length and writes 0 or the largest number.
                return (bytesPerSecond, (int)at + ChunkHeaderBytes, size is 0 or >= 0xFFFF_FF00 ? -1 : size);
            }

            at += ChunkHeaderBytes + size + (size & 1);
        }

        return (bytesPerSecond, 0, -1);
    }
}
