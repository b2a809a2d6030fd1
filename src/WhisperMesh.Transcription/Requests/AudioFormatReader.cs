using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Requests;

internal static class AudioFormatReader
{
    public static AudioFormat? Read(Wire.AudioFormat? format)
    {
        if (format is null)
        {
            return null;
        }

        var encoding = ReadEncoding(format.Encoding);
        var headerless = encoding is not (AudioEncoding.Unspecified or AudioEncoding.Wav);
        CheckRange(format.SampleRateHz, AudioLimits.MinSampleRateHz, AudioLimits.MaxSampleRateHz, headerless, "sample_rate_hz");
        CheckRange(format.ChannelCount, 1, AudioLimits.MaxChannelCount, headerless, "channel_count");
        return new AudioFormat(encoding, format.SampleRateHz, format.ChannelCount);
    }

    private static void CheckRange(int value, int min, int max, bool required, string field)
    {
        if (value == 0 && !required)
        {
            return;
        }

        if (value < min || value > max)
        {
            var why = value == 0 ? "is required for headerless samples" : $"is {value}";
            throw MeshException.InvalidArgument($"audio_format.{field}", $"{field} {why}; it must be {min} to {max}.");
        }
    }

    private static AudioEncoding ReadEncoding(Wire.AudioEncoding encoding) => encoding switch
    {
        Wire.AudioEncoding.Unspecified => AudioEncoding.Unspecified,
        Wire.AudioEncoding.Wav => AudioEncoding.Wav,
        Wire.AudioEncoding.PcmU8 => AudioEncoding.PcmU8,
        Wire.AudioEncoding.PcmS16Le => AudioEncoding.PcmS16Le,
        Wire.AudioEncoding.PcmS24Le => AudioEncoding.PcmS24Le,
        Wire.AudioEncoding.PcmS32Le => AudioEncoding.PcmS32Le,
        Wire.AudioEncoding.PcmF32Le => AudioEncoding.PcmF32Le,
        Wire.AudioEncoding.PcmF64Le => AudioEncoding.PcmF64Le,
        Wire.AudioEncoding.Alaw => AudioEncoding.ALaw,
        Wire.AudioEncoding.Mulaw => AudioEncoding.MuLaw,
        Wire.AudioEncoding.Mp3 or Wire.AudioEncoding.Opus or Wire.AudioEncoding.Flac or Wire.AudioEncoding.Aac =>
            throw MeshException.InvalidArgument(
                "audio_format.encoding", $"{encoding} is for output; leave the encoding of a file unspecified, it is recognised."),
        _ => throw MeshException.InvalidArgument("audio_format.encoding", $"Encoding {(int)encoding} is unknown."),
    };
}
