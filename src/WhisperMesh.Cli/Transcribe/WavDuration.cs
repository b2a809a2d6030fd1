using System.Buffers.Binary;

namespace WhisperMesh.Cli.Transcribe;

/// <summary>
/// How long a WAV file plays, for the progress bar. Other formats would need a decoder; there the bar follows what the
/// mesh has received.
/// </summary>
internal static class WavDuration
{
    private const int HeaderLength = 44;

    /// <summary>The length, or null when it isn't a plain seekable WAV file. Leaves the position where it was.</summary>
    internal static TimeSpan? Estimate(Stream audio)
    {
        if (!audio.CanSeek)
        {
            return null;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        var start = audio.Position;
        var read = audio.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        audio.Position = start;
        if (read < HeaderLength || !header[..4].SequenceEqual("RIFF"u8) || !header.Slice(8, 8).SequenceEqual("WAVEfmt "u8))
        {
            return null;
        }

        // The file's own length counts: sizes in headers are often wrong.
        var bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(header[28..]);
        return bytesPerSecond == 0 ? null : TimeSpan.FromSeconds((double)(audio.Length - start - HeaderLength) / bytesPerSecond);
    }
}
