using System.Buffers.Binary;

namespace WhisperMesh.Cli.Speak;

/// <summary>
/// A WAV that was streamed says that its sizes are unknown, since it began before its end was known. In a file they are
/// known, and players want them.
/// </summary>
internal static class WavSizes
{
    private const int HeaderLength = 44;

    internal static async Task FillInAsync(FileStream file, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        file.Position = 0;
        var read = await file.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellationToken);
        var isPlainWav = read == HeaderLength
            && header.AsSpan(0, 4).SequenceEqual("RIFF"u8)
            && header.AsSpan(8, 4).SequenceEqual("WAVE"u8)
            && header.AsSpan(36, 4).SequenceEqual("data"u8);
        if (isPlainWav && file.Length <= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)(file.Length - 8));
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), (uint)(file.Length - HeaderLength));
            file.Position = 0;
            await file.WriteAsync(header, cancellationToken);
        }

        file.Position = file.Length;
    }
}
