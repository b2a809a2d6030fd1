using System.Buffers.Binary;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Headers of WAV files: one for bare samples, and what one says of a file's length.</summary>
internal static class WavHeader
{
    private const int HeaderBytes = 44;
    private const int FormatBytes = 16;
    private const short Pcm = 1;
    private const short Float = 3;
    private const short ALaw = 6;
    private const short MuLaw = 7;

    /// <summary>The header that makes a file of samples.</summary>
    public static byte[] For(AudioFormat format, long dataBytes)
    {
        var header = new byte[HeaderBytes];
        var (tag, bits) = Sample(format.Encoding);
        var size = (uint)Math.Min(dataBytes, uint.MaxValue - HeaderBytes);
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), size + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), FormatBytes);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), tag);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)format.ChannelCount);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), format.SampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), BytesPerSecond(format));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(bits / 8 * format.ChannelCount));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), (short)bits);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), size);
        return header;
    }

    public static int BytesPerSecond(AudioFormat format) => Sample(format.Encoding).Bits / 8 * format.ChannelCount * format.SampleRateHz;

    /// <summary>Length and channels of a file that begins so; null and 0 when it is no WAV file, or a broken one.</summary>
    /// <param name="start">First bytes of the file.</param>
    /// <param name="fileBytes">All its bytes.</param>
    public static (TimeSpan? Duration, int Channels) Measure(ReadOnlySpan<byte> start, long fileBytes)
    {
        if (start.Length < 12 || !start[8..12].SequenceEqual("WAVE"u8))
        {
            return (null, 0);
        }

        var (bytesPerSecond, channels) = (0u, 0);
        for (var at = 12; at + 8 <= start.Length;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(start[(at + 4)..]);
            if (start[at..(at + 4)].SequenceEqual("data"u8))
            {
                // A header written before the end was known, or that of a file cut short, claims too much.
                var data = Math.Min(size == 0 ? long.MaxValue : size, fileBytes - at - 8);
                return bytesPerSecond > 0 ? (TimeSpan.FromSeconds(data / (double)bytesPerSecond), channels) : (null, 0);
            }

            if (start[at..(at + 4)].SequenceEqual("fmt "u8) && at + 20 <= start.Length)
            {
                channels = BinaryPrimitives.ReadUInt16LittleEndian(start[(at + 10)..]);
                bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(start[(at + 16)..]);
            }

            if (size > start.Length)
            {
                break;
            }

            at += 8 + (int)size + (int)(size & 1);
        }

        return (null, 0);
    }

    private static (short Tag, int Bits) Sample(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.PcmU8 => (Pcm, 8),
        AudioEncoding.PcmS16Le => (Pcm, 16),
        AudioEncoding.PcmS24Le => (Pcm, 24),
        AudioEncoding.PcmS32Le => (Pcm, 32),
        AudioEncoding.PcmF32Le => (Float, 32),
        AudioEncoding.PcmF64Le => (Float, 64),
        AudioEncoding.Alaw => (ALaw, 8),
        AudioEncoding.Mulaw => (MuLaw, 8),
        _ => throw UpstreamErrors.Unsuited($"{encoding} is no format that audio is sent in.", "audio_format.encoding"),
    };
}
