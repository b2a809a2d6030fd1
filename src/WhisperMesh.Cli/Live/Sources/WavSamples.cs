using System.Buffers.Binary;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>Where the samples of a WAV file lie, and what they are.</summary>
internal sealed record WavSamples(AudioFormat Format, long Start, long Length)
{
    private const int HeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int FormatBytes = 16;
    private const int Extensible = 0xFFFE;

    /// <summary>Null when it is no WAV file, or none whose samples can be sent as they are.</summary>
    internal static WavSamples? Find(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (!TryRead(file, header) || !header[..4].SequenceEqual("RIFF"u8) || !header[8..].SequenceEqual("WAVE"u8))
        {
            return null;
        }

        AudioFormat? format = null;
        Span<byte> chunk = stackalloc byte[ChunkHeaderBytes];
        while (TryRead(file, chunk))
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual("data"u8))
            {
                // Sizes of files that were streamed are unknown, and written as larger than the file.
                return format is null ? null : new WavSamples(format, file.Position, Math.Min(length, file.Length - file.Position));
            }

            var next = file.Position + length + (length & 1);
            if (chunk[..4].SequenceEqual("fmt "u8) && (format = ReadFormat(file, length)) is null)
            {
                return null;
            }

            file.Position = Math.Min(next, file.Length);
        }

        return null;
    }

    internal Stream Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        file.Position = Start;
        return file;
    }

    private static AudioFormat? ReadFormat(Stream file, long length)
    {
        Span<byte> fields = stackalloc byte[FormatBytes + 10];
        fields = fields[..(int)Math.Min(length, fields.Length)];
        if (fields.Length < FormatBytes || !TryRead(file, fields))
        {
            return null;
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(fields);
        if (tag == Extensible && fields.Length == FormatBytes + 10)
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(fields[(FormatBytes + 8)..]);
        }

        var encoding = EncodingOf(tag, BinaryPrimitives.ReadUInt16LittleEndian(fields[14..]));
        return encoding is null ? null : new AudioFormat
        {
            Encoding = encoding.Value,
            ChannelCount = BinaryPrimitives.ReadUInt16LittleEndian(fields[2..]),
            SampleRateHz = BinaryPrimitives.ReadInt32LittleEndian(fields[4..]),
        };
    }

    private static AudioEncoding? EncodingOf(int tag, int bits) => (tag, bits) switch
    {
        (1, 8) => AudioEncoding.PcmU8,
        (1, 16) => AudioEncoding.PcmS16Le,
        (1, 24) => AudioEncoding.PcmS24Le,
        (1, 32) => AudioEncoding.PcmS32Le,
        (3, 32) => AudioEncoding.PcmF32Le,
        (3, 64) => AudioEncoding.PcmF64Le,
        (6, 8) => AudioEncoding.Alaw,
        (7, 8) => AudioEncoding.Mulaw,
        _ => null,
    };

    private static bool TryRead(Stream file, Span<byte> into) => file.ReadAtLeast(into, into.Length, throwOnEndOfStream: false) == into.Length;
}
