using Nvidia.Riva.Asr;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using OurEncoding = WhisperMesh.Speech.V1.AudioEncoding;
using TheirEncoding = Nvidia.Riva.AudioEncoding;

namespace WhisperMesh.Router.Riva;

/// <summary>What a configuration of Riva's comes to here, in a stream and for a recording alike.</summary>
internal static class RivaWishes
{
    // Riva's name for a model that tells languages apart by itself.
    private const string AnyLanguage = "multi";

    public static string Language(RecognitionConfig config) => config.LanguageCode == AnyLanguage ? "" : config.LanguageCode;

    /// <summary>The phrases of all contexts, those of the highest boost first: the first ones have the most room.</summary>
    public static IEnumerable<string> Keywords(RecognitionConfig config) =>
        config.SpeechContexts.OrderByDescending(context => context.Boost).SelectMany(context => context.Phrases);

    public static AudioFormat Samples(RecognitionConfig config) => new()
    {
        Encoding = config.Encoding switch
        {
            TheirEncoding.Mulaw => OurEncoding.Mulaw,
            TheirEncoding.Alaw => OurEncoding.Alaw,
            _ => OurEncoding.PcmS16Le,
        },
        SampleRateHz = config.SampleRateHertz,
        ChannelCount = Math.Max(1, config.AudioChannelCount),
    };

    /// <summary>Silence that ends an utterance; null where nothing is said of it.</summary>
    public static Google.Protobuf.WellKnownTypes.Duration? Pause(RecognitionConfig config, string path)
    {
        const int least = 100;
        const int most = 10_000;

        if (config.EndpointingConfig is not { HasStopHistory: true } given)
        {
            return null;
        }

        return given.StopHistory is >= least and <= most
            ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromMilliseconds(given.StopHistory))
            : throw MeshException.InvalidArgument(
                $"{path}.endpointing_config.stop_history", $"stop_history must be between {least} and {most} milliseconds.");
    }

    /// <summary>What is honoured in part only.</summary>
    public static IReadOnlyList<string> Warnings(RecognitionConfig config)
    {
        List<string> warnings = [];
        if (!config.EnableAutomaticPunctuation)
        {
            warnings.Add("enable_automatic_punctuation: the text has punctuation although it is not asked for.");
        }

        if (config.SpeechContexts.Any(context => context.Boost > 0))
        {
            warnings.Add("speech_contexts.boost: phrases of a higher boost go first; how much higher makes no difference.");
        }

        if (config.AudioChannelCount > 1 && !config.EnableSeparateRecognitionPerChannel)
        {
            warnings.Add("audio_channel_count: the channels are mixed into one.");
        }

        return warnings;
    }
}
