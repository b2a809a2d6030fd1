using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Whisper;
using Duration = Google.Protobuf.WellKnownTypes.Duration;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks what a configuration says of speech and silence.</summary>
internal static class VoiceActivityReader
{
    public static SpeechDetection Read(Wire.VoiceActivity? given) => given is null
        ? new SpeechDetection()
        : new SpeechDetection
        {
            Threshold = Threshold(given),
            Silence = Time(given.SilenceDuration, "silence_duration", SpeechDetection.MaxSilence),
            Prefix = Time(given.PrefixPadding, "prefix_padding", SpeechDetection.MaxPrefix),
        };

    private static float? Threshold(Wire.VoiceActivity given) =>
        !given.HasThreshold ? null
        : given.Threshold is >= 0 and <= 1 ? given.Threshold
        : throw MeshException.InvalidArgument("voice_activity.threshold", "The threshold of speech must be between 0 and 1.");

    private static TimeSpan? Time(Duration? given, string field, TimeSpan most)
    {
        if (given is null)
        {
            return null;
        }

        // A duration that a client has put together badly has no time span.
        var seconds = given.Seconds + (given.Nanos / 1e9);
        return seconds >= 0 && seconds <= most.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw MeshException.InvalidArgument(
                $"voice_activity.{field}", $"voice_activity.{field} must be between 0 and {most.TotalSeconds} seconds.");
    }
}
