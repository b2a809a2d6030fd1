using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;
using Contract = WhisperMesh.Speech.V1;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Between the contract's audio formats and the encoder's.</summary>
internal static class SpeechFormats
{
    /// <exception cref="MeshException">The format can't be written.</exception>
    public static async Task<AudioFormat> ResolveAsync(AudioEncoder encoder, Contract.AudioFormat? asked, int voiceRateHz)
    {
        var encoding = FromContract(asked?.Encoding ?? Contract.AudioEncoding.Unspecified);
        if (asked?.ChannelCount is not (null or 0 or 1))
        {
            throw MeshException.InvalidArgument("audio_format.channel_count", "Speech has one channel: ask for 1, or leave it unset.");
        }

        // The encoding alone first, so that a refusal names the field at fault.
        var format = await ResolveAsync(encoder, new AudioFormat(encoding), voiceRateHz, "audio_format.encoding");
        return asked is null or { SampleRateHz: 0 }
            ? format
            : await ResolveAsync(
                encoder, new AudioFormat(encoding, asked.SampleRateHz), voiceRateHz, "audio_format.sample_rate_hz");
    }

    public static Contract.AudioFormat ToContract(AudioFormat format) => new()
    {
        Encoding = ToContract(format.Encoding),
        SampleRateHz = format.SampleRateHz,
        ChannelCount = format.ChannelCount,
    };

    public static AudioEncoding FromContract(Contract.AudioEncoding encoding) => encoding switch
    {
        Contract.AudioEncoding.Unspecified or Contract.AudioEncoding.Wav => AudioEncoding.Wav,
        Contract.AudioEncoding.PcmS16Le => AudioEncoding.PcmS16Le,
        Contract.AudioEncoding.Mp3 => AudioEncoding.Mp3,
        Contract.AudioEncoding.Opus => AudioEncoding.Opus,
        Contract.AudioEncoding.Flac => AudioEncoding.Flac,
        Contract.AudioEncoding.Aac => AudioEncoding.Aac,
        _ => throw MeshException.InvalidArgument(
            "audio_format.encoding", $"Speech can't be written as {encoding}: ask for WAV, PCM_S16LE, MP3, OPUS, FLAC or AAC."),
    };

    public static Contract.AudioEncoding ToContract(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.Wav => Contract.AudioEncoding.Wav,
        AudioEncoding.PcmS16Le => Contract.AudioEncoding.PcmS16Le,
        AudioEncoding.Mp3 => Contract.AudioEncoding.Mp3,
        AudioEncoding.Opus => Contract.AudioEncoding.Opus,
        AudioEncoding.Flac => Contract.AudioEncoding.Flac,
        AudioEncoding.Aac => Contract.AudioEncoding.Aac,
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Speech is not written in this encoding."),
    };

    private static async Task<AudioFormat> ResolveAsync(AudioEncoder encoder, AudioFormat target, int voiceRateHz, string field)
    {
        try
        {
            return await encoder.ResolveAsync(target, voiceRateHz);
        }
        catch (AudioException exception) when (exception.Reason == AudioErrorReason.FfmpegMissing)
        {
            throw MeshException.FailedPrecondition(ErrorReasons.FfmpegMissing, exception.Message, "audio_format.encoding");
        }
        catch (AudioException exception)
        {
            throw MeshException.InvalidArgument(field, exception.Message);
        }
    }
}
