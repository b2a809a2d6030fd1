using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>The form fields that OpenAI's API has not: what the engine can do beyond it.</summary>
internal static class EngineFields
{
    /// <summary>Values of <c>request_class</c>, the default first.</summary>
    public static IReadOnlyDictionary<string, RequestClass> Classes { get; } = new Dictionary<string, RequestClass>
    {
        ["interactive"] = RequestClass.Interactive,
        ["live"] = RequestClass.Live,
        ["bulk"] = RequestClass.Bulk,
    };

    /// <summary>Values of <c>channels</c>, the default first.</summary>
    public static IReadOnlyDictionary<string, ChannelMode> ChannelModes { get; } = new Dictionary<string, ChannelMode>
    {
        ["mixed"] = ChannelMode.Mixed,
        ["separate"] = ChannelMode.Separate,
    };

    /// <summary>Sets what the field asks for; false when it is none of these.</summary>
    public static bool TryAdd(TranscriptionConfig config, string name, string value)
    {
        switch (name)
        {
            case "beam_size":
                config.BeamSize = FieldValues.Integer(name, value);
                return true;
            case "best_of":
                config.BestOf = FieldValues.Integer(name, value);
                return true;
            case "carry_context":
                config.CarryContext = FieldValues.Boolean(name, value);
                return true;
            case "request_class":
                config.RequestClass = FieldValues.Choice(name, value, Classes);
                return true;
            case "channels":
                config.ChannelMode = FieldValues.Choice(name, value, ChannelModes);
                return true;
            case "seed":
                config.Seed = FieldValues.Integer(name, value);
                return true;
            case "language_switch_windows":
                SwitchingOf(config).WindowCount = FieldValues.Integer(name, value);
                return true;
            case "language_switch_probability":
                SwitchingOf(config).Probability = FieldValues.Number(name, value);
                return true;
            default:
                return TryAddThreshold(config, name, value);
        }
    }

    private static bool TryAddThreshold(TranscriptionConfig config, string name, string value)
    {
        switch (name)
        {
            case "compression_ratio_threshold":
                ThresholdsOf(config).CompressionRatio = FieldValues.Number(name, value);
                return true;
            case "logprob_threshold":
                ThresholdsOf(config).LogProbability = FieldValues.Number(name, value);
                return true;
            case "no_speech_threshold":
                ThresholdsOf(config).NoSpeech = FieldValues.Number(name, value);
                return true;
            default:
                return false;
        }
    }

    private static LanguageSwitching SwitchingOf(TranscriptionConfig config) => config.LanguageSwitching ??= new LanguageSwitching();

    private static DecodingThresholds ThresholdsOf(TranscriptionConfig config) => config.Thresholds ??= new DecodingThresholds();
}
