using System.Buffers.Binary;

namespace WhisperMesh.Audio;

/// <summary>What a file is, told from its first bytes alone: never from a name, and never by a library's guess.</summary>
internal enum AudioContainer
{
    Unknown,
    Wav,
    Mp3,
    Adts,
    Flac,
    Ogg,
    Mp4,
    Matroska,
}

internal static class AudioContainerDetection
{
    /// <summary>Bytes that are looked at.</summary>
    public const int Length = 64;

    public static AudioContainer Detect(ReadOnlySpan<byte> start)
    {
        if (start.Length < 4)
        {
            return AudioContainer.Unknown;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(start) switch
        {
            0x52494646 or 0x52463634 or 0x42573634 => AudioContainer.Wav, // RIFF, RF64, BW64
            0x4F676753 => AudioContainer.Ogg, // OggS
            0x664C6143 => AudioContainer.Flac, // fLaC
            0x1A45DFA3 => AudioContainer.Matroska, // EBML
            >= 0x49443302 and <= 0x494433FE => AudioContainer.Mp3, // ID3 and a version
            var word when IsMpegLayer3(word) => AudioContainer.Mp3,
            var word when IsAdts(word) => AudioContainer.Adts,
            _ when IsMp4(start) => AudioContainer.Mp4,
            _ => AudioContainer.Unknown,
        };
    }

    /// <summary>What bytes seem to be that no one can read as audio, for the message.</summary>
    public static string Describe(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("RIFX"u8))
        {
            return "it is a big-endian WAV (RIFX)";
        }

        if (start.StartsWith("%PDF"u8) || start.StartsWith("PK\x03\x04"u8))
        {
            return "it is a document or archive";
        }

        var printable = 0;
        foreach (var value in start)
        {
            printable += value is >= 0x20 and < 0x7F or 9 or 10 or 13 ? 1 : 0;
        }

        return printable == start.Length ? "it is text" : "its first bytes are of no audio format that is known here";
    }

    // Eleven sync bits, a known version, layer III, and a bit rate and sample rate that exist.
    private static bool IsMpegLayer3(uint word) =>
        word >> 21 == 0x7FF && (word >> 19 & 3) != 1 && (word >> 17 & 3) == 1 && (word >> 12 & 15) is > 0 and < 15 && (word >> 10 & 3) != 3;

    // Twelve sync bits, layer 0 and a sample rate that exists.
    private static bool IsAdts(uint word) => word >> 20 == 0xFFF && (word >> 17 & 3) == 0 && (word >> 10 & 15) < 13;

    private static bool IsMp4(ReadOnlySpan<byte> start)
    {
        if (start.Length < 8)
        {
            return false;
        }

        var type = start.Slice(4, 4);
        return type.SequenceEqual("ftyp"u8) || type.SequenceEqual("moov"u8) || type.SequenceEqual("mdat"u8)
            || type.SequenceEqual("wide"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8);
    }
}
