using System.Buffers.Binary;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Two recordings as the channels of one WAV, as of a call.</summary>
internal static class StereoWav
{
    private const int HeaderBytes = 44;
    private const int RateHz = 16000;

    internal static byte[] Of(Recording left, Recording right) => Of(File.ReadAllBytes(left.Path), File.ReadAllBytes(right.Path));

    /// <summary>The same of WAV files in memory.</summary>
    internal static byte[] Of(byte[] left, byte[] right)
    {
        byte[][] channels = [left[HeaderBytes..], right[HeaderBytes..]];
        var frames = channels.Max(samples => samples.Length) / 2;
        var wav = new byte[HeaderBytes + (4 * frames)];
        left.AsSpan(0, HeaderBytes).CopyTo(wav);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(4), wav.Length - 8);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(22), 2);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(28), 4 * RateHz);
        BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(32), 4);
        BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(40), 4 * frames);
        for (var channel = 0; channel < channels.Length; channel++)
        {
            for (var i = 0; i < channels[channel].Length; i += 2)
            {
                channels[channel].AsSpan(i, 2).CopyTo(wav.AsSpan(HeaderBytes + (2 * i) + (2 * channel)));
            }
        }

        return wav;
    }
}
