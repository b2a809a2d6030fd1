using System.Buffers.Binary;

namespace WhisperMesh.AppHost.SelfTest;

/// <summary>How long a WAV file plays, from the bytes that came: a streamed file's header can't know its size.</summary>
internal static class WaveDuration
{
    public static TimeSpan Of(ReadOnlySpan<byte> wave)
    {
        if (wave.Length < 12 || !wave[..4].SequenceEqual("RIFF"u8) || !wave[8..12].SequenceEqual("WAVE"u8))
        {
            throw new InvalidDataException("the answer is not a WAV file");
        }

        var bytesPerSecond = 0u;
        for (var rest = wave[12..]; rest.Length >= 8;)
        {
            var id = rest[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            if (id.SequenceEqual("fmt "u8) && rest.Length >= 12)
            {
                bytesPerSecond = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
            }
            else if (id.SequenceEqual("data"u8) && bytesPerSecond > 0)
            {
                return TimeSpan.FromSeconds((double)Math.Min(size, (uint)rest.Length) / bytesPerSecond);
            }

            rest = rest[(int)Math.Min(size, (uint)rest.Length)..];
        }

        throw new InvalidDataException("the WAV file has no audio");
    }
}
