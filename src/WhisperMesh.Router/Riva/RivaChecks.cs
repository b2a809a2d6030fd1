using Google.Protobuf;
using Nvidia.Riva;
using Nvidia.Riva.Asr;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Riva;

/// <summary>Refuses, by Riva's names, what is asked for and can't be done.</summary>
internal static class RivaChecks
{
    private const int MinSampleRate = 4000;
    private const int MaxSampleRate = 192_000;
    private const int MaxChannels = 64;

    /// <param name="config">What is asked for.</param>
    /// <param name="path">Where the request has it.</param>
    public static void Check(RecognitionConfig config, string path)
    {
        KnowsAll(config, RecognitionConfig.Parser, path);
        Require(config.MaxAlternatives is 0 or 1, "max_alternatives", "Only one alternative is made; max_alternatives can be 0 or 1.");
        Refuse(config.ProfanityFilter, "profanity_filter", "Profanities are not filtered.");
        Refuse(
            config.VerbatimTranscripts,
            "verbatim_transcripts",
            "The model writes numbers and the like as people write them, and this can't be turned off.");
        Refuse(
            config.DiarizationConfig?.EnableSpeakerDiarization == true,
            "diarization_config.enable_speaker_diarization",
            "Speakers are not told apart.");
        Refuse(config.GetVadProbabilities, "get_vad_probabilities", "Probabilities of voice activity are not given.");
        Refuse(
            config.CustomConfiguration.Count > 0,
            "custom_configuration",
            $"There is no custom setting '{Requests.RequestChecks.Shortened(config.CustomConfiguration.Keys.FirstOrDefault() ?? "")}'.");
        Endpointing(config.EndpointingConfig);
        foreach (var context in config.SpeechContexts)
        {
            Require(float.IsFinite(context.Boost) && context.Boost >= 0, "speech_contexts.boost", "boost must be a number of at least 0.");
        }

        void Endpointing(EndpointingConfig? given)
        {
            const string why = "An utterance ends by the length of its pause alone: stop_history.";
            Refuse(given?.HasStartHistory == true, "endpointing_config.start_history", why);
            Refuse(given?.HasStartThreshold == true, "endpointing_config.start_threshold", why);
            Refuse(given?.HasStopThreshold == true, "endpointing_config.stop_threshold", why);
            Refuse(given?.HasStopHistoryEou == true, "endpointing_config.stop_history_eou", why);
            Refuse(given?.HasStopThresholdEou == true, "endpointing_config.stop_threshold_eou", why);
        }

        void Require(bool holds, string field, string message)
        {
            if (!holds)
            {
                throw MeshException.InvalidArgument($"{path}.{field}", message);
            }
        }

        void Refuse(bool asked, string field, string message)
        {
            if (asked)
            {
                throw RivaErrors.Unsupported($"{path}.{field}", message);
            }
        }
    }

    /// <summary>Checks how samples are described that have no header to do it.</summary>
    public static void Samples(RecognitionConfig config, string path)
    {
        if (config.SampleRateHertz is < MinSampleRate or > MaxSampleRate)
        {
            throw MeshException.InvalidArgument(
                $"{path}.sample_rate_hertz", $"sample_rate_hertz must be between {MinSampleRate} and {MaxSampleRate}.");
        }

        if (config.AudioChannelCount is < 0 or > MaxChannels)
        {
            throw MeshException.InvalidArgument(
                $"{path}.audio_channel_count", $"audio_channel_count must be between 1 and {MaxChannels}.");
        }
    }

    /// <summary>Whether the encoding is one of samples without a header.</summary>
    public static bool AreSamples(AudioEncoding encoding) => encoding is AudioEncoding.LinearPcm or AudioEncoding.Mulaw or AudioEncoding.Alaw;

    // A client built from a newer proto may ask for what this one has no name for; it must not believe that it was heard.
    private static void KnowsAll<T>(T message, MessageParser<T> parser, string path)
        where T : IMessage<T>
    {
        if (parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteString()).CalculateSize() != message.CalculateSize())
        {
            throw RivaErrors.Unsupported(path, $"{path} has a field that this service does not know.");
        }
    }
}
