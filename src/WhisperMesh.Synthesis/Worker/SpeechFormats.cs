using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Between the contract's audio formats and the encoder's.</summary>
internal static class SpeechFormats
{
    /// <exception cref="MeshException">The format can't be written.</exception>
    public static async Task<AudioFormat> ResolveAsync(AudioEncoder encoder, Speech.V1.AudioFormat? asked, int voiceRateHz)
    {
        // The numbers of both enums are the contract's.
        var target = new AudioFormat((AudioEncoding)(asked?.Encoding ?? 0), asked?.SampleRateHz ?? 0, asked?.ChannelCount ?? 0);
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
            throw MeshException.InvalidArgument("audio_format.encoding", exception.Message);
        }
    }

    public static Speech.V1.AudioFormat ToContract(AudioFormat format) => new()
    {
        Encoding = (Speech.V1.AudioEncoding)format.Encoding,
        SampleRateHz = format.SampleRateHz,
        ChannelCount = format.ChannelCount,
    };
}
