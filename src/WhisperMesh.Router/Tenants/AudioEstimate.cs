using System.Buffers.Binary;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tenants;

/// <summary>
/// How long audio is, as far as its bytes so far tell, for a reservation that the end puts right. Exact for PCM and WAV that have
/// arrived; compressed audio is reckoned at 128 kbit/s.
/// </summary>
internal static class AudioEstimate
{
    private const int CompressedBytesPerSecond = 16_000;
    private const int HeaderBytes = 64;

    // Places in the usual WAV header, whose first chunk is the format.
    private const int FormatAt = 12;
    private const int ByteRateAt = 28;
    private const int DataAt = 44;

    public static async ValueTask<TimeSpan> OfAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        var length = job.Audio.Length;
        if (length == 0)
        {
            return TimeSpan.Zero;
        }

        var bytesPerSecond = job.Config.AudioFormat is { SampleRateHz: > 0 } format && SampleBytes(format.Encoding) is > 0 and var bytes
            ? (long)format.SampleRateHz * Math.Max(1, format.ChannelCount) * bytes
            : await WavRateAsync(job, cancellationToken);
        return TimeSpan.FromSeconds((double)length / bytesPerSecond);
    }

    private static int SampleBytes(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.PcmU8 or AudioEncoding.Alaw or AudioEncoding.Mulaw => 1,
        AudioEncoding.PcmS16Le => 2,
        AudioEncoding.PcmS24Le => 3,
        AudioEncoding.PcmS32Le or AudioEncoding.PcmF32Le => 4,
        AudioEncoding.PcmF64Le => 8,
        _ => 0,
    };

    private static async ValueTask<long> WavRateAsync(TranscriptionJob job, CancellationToken cancellationToken)
    {
        if (job.Audio.Length < DataAt)
        {
            return CompressedBytesPerSecond;
        }

        var header = new byte[HeaderBytes];
        int count;
        try
        {
            count = await job.Audio.ReadAsync(header, 0, cancellationToken);
        }
        catch (SpoolFailedException)
        {
            // The relay finds out too, and says why.
            return CompressedBytesPerSecond;
        }

        return count >= DataAt
            && header.AsSpan(0, 4).SequenceEqual("RIFF"u8)
            && header.AsSpan(FormatAt, 4).SequenceEqual("fmt "u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ByteRateAt)) is > 0 and var rate
            ? rate
            : CompressedBytesPerSecond;
    }
}
