using System.Buffers.Binary;
using System.Text;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Writes samples as WAV or as raw 16-bit PCM, at the voice's own rate.</summary>
internal sealed class SpeechWriter
{
    private const int MaxSamples = 32_768;
    private bool _headerIsDue;

    private SpeechWriter(AudioEncoding encoding, int sampleRateHz)
    {
        _headerIsDue = encoding == AudioEncoding.Wav;
        Format = new AudioFormat { Encoding = encoding, SampleRateHz = sampleRateHz, ChannelCount = 1 };
    }

    public AudioFormat Format { get; }

    /// <exception cref="MeshException">The format can't be written.</exception>
    public static SpeechWriter Create(AudioFormat? asked, int voiceRateHz)
    {
        var encoding = asked?.Encoding is null or AudioEncoding.Unspecified ? AudioEncoding.Wav : asked.Encoding;
        if (encoding is AudioEncoding.Mp3 or AudioEncoding.Opus or AudioEncoding.Flac or AudioEncoding.Aac)
        {
            throw new MeshException(StatusCode.Unimplemented, ErrorReasons.FieldInvalid, "This worker writes WAV and PCM_S16LE only.")
            {
                Field = "audio_format.encoding",
            };
        }

        if (encoding is not (AudioEncoding.Wav or AudioEncoding.PcmS16Le))
        {
            throw MeshException.InvalidArgument("audio_format.encoding", $"Speech can't be written as {encoding}.");
        }

        if (asked?.ChannelCount is not (null or 0 or 1))
        {
            throw MeshException.InvalidArgument("audio_format.channel_count", "Speech has one channel.");
        }

        return asked?.SampleRateHz is null or 0 || asked.SampleRateHz == voiceRateHz
            ? new SpeechWriter(encoding, voiceRateHz)
            : throw MeshException.InvalidArgument("audio_format.sample_rate_hz", $"This voice is written at {voiceRateHz} Hz only; leave the rate 0.");
    }

    public IEnumerable<byte[]> Write(ReadOnlyMemory<float> samples)
    {
        if (_headerIsDue)
        {
            _headerIsDue = false;
            yield return Header(Format.SampleRateHz);
        }

        for (var at = 0; at < samples.Length; at += MaxSamples)
        {
            yield return ToPcm(samples.Span[at..Math.Min(samples.Length, at + MaxSamples)]);
        }
    }

    private static byte[] ToPcm(ReadOnlySpan<float> samples)
    {
        var bytes = new byte[2 * samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var value = (short)Math.Round(Math.Clamp(samples[i], -1, 1) * short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), value);
        }

        return bytes;
    }

    // Sizes of a stream whose end is not known: as large as they can be.
    private static byte[] Header(int sampleRateHz)
    {
        using var header = new MemoryStream();
        using var writer = new BinaryWriter(header, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(uint.MaxValue);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(sampleRateHz);
        writer.Write(2 * sampleRateHz);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(uint.MaxValue);
        return header.ToArray();
    }
}
