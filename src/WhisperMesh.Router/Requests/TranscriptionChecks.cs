using Google.Protobuf.Collections;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Requests;

/// <summary>Checks of a transcription's configuration that need no worker, whichever way it came.</summary>
internal static class TranscriptionChecks
{
    private const int MaxLanguages = 100;
    private const int MaxKeywords = 100;
    private const int MaxKeywordLength = 64;
    private const int MaxRows = 16;
    private const long MaxOffsetSeconds = 30 * 24 * 3600;
    private const int MaxSwitchWindows = 10;

    /// <summary>Longest silence that may be asked for to end speech, in milliseconds.</summary>
    public const int MaxSilenceMilliseconds = 10_000;

    /// <summary>Most audio that may be asked for before speech, in milliseconds.</summary>
    public const int MaxPrefixMilliseconds = 2000;

    /// <summary>Checks what is known so far; a field that is not set is fine.</summary>
    public static void Check(TranscriptionConfig config, RouterOptions options)
    {
        RequestChecks.Temperature(config.Temperature);
        RequestChecks.Prompt(config.Prompt, options.MaxPromptLength);
        Languages(config);
        Keywords(config.Keywords);
        Search(config);
        Thresholds(config.Thresholds);
        Require(
            config.ResumeOffset is null or { Seconds: >= 0 and < MaxOffsetSeconds, Nanos: >= 0 and < 1_000_000_000 },
            "resume_offset",
            "resume_offset must be a duration of 0 to 30 days.");
        Speech(config.VoiceActivity);
        Switching(config.LanguageSwitching);
        Enumeration(config.Task, "task");
        Enumeration(config.RequestClass, "request_class");
        Enumeration(config.ChannelMode, "channel_mode");
    }

    private static void Languages(TranscriptionConfig config)
    {
        if (config.LanguageCode.Length > 0)
        {
            RequestChecks.Language(config.LanguageCode, "language_code");
        }

        Require(config.LanguageCodes.Count <= MaxLanguages, "language_codes", $"At most {MaxLanguages} languages are allowed.");
        Require(
            config.LanguageCodes.Count == 0 || config.LanguageCode.Length == 0,
            "language_codes",
            "Languages to choose from can't be given together with the language that is spoken.");
        foreach (var code in config.LanguageCodes)
        {
            RequestChecks.Language(code, "language_codes");
        }
    }

    private static void Keywords(RepeatedField<string> keywords)
    {
        Require(keywords.Count <= MaxKeywords, "keywords", $"At most {MaxKeywords} keywords are allowed.");
        foreach (var keyword in keywords)
        {
            Require(
                keyword.Length <= MaxKeywordLength && !string.IsNullOrWhiteSpace(keyword),
                "keywords",
                $"A keyword must have 1 to {MaxKeywordLength} characters.");
            Require(
                !keyword.Any(character => character is '<' or '>' || char.IsControl(character)),
                "keywords",
                "A keyword must not have \"<\", \">\", line breaks or other control characters.");
        }
    }

    private static void Search(TranscriptionConfig config)
    {
        Require(config.BeamSize is >= 0 and <= MaxRows, "beam_size", $"beam_size must be between 1 and {MaxRows}.");
        Require(config.BestOf is >= 0 and <= MaxRows, "best_of", $"best_of must be between 1 and {MaxRows}.");
        Require(
            config.BeamSize <= 1 || config.Temperature <= 0,
            "beam_size",
            "Beams are followed at temperature 0 only; above it, use best_of.");
    }

    private static void Thresholds(DecodingThresholds? given)
    {
        if (given is null)
        {
            return;
        }

        Require(
            !given.HasCompressionRatio || (given.CompressionRatio > 0 && float.IsFinite(given.CompressionRatio)),
            "thresholds.compression_ratio",
            "The threshold of the compression ratio must be a number above 0.");
        Require(
            !given.HasLogProbability || (given.LogProbability <= 0 && float.IsFinite(given.LogProbability)),
            "thresholds.log_probability",
            "The threshold of the log probability must be a number of at most 0.");
        Require(
            !given.HasNoSpeech || given.NoSpeech is >= 0 and <= 1,
            "thresholds.no_speech",
            "The threshold of the no-speech probability must be between 0 and 1.");
    }

    private static void Speech(VoiceActivity? given)
    {
        if (given is null)
        {
            return;
        }

        Require(
            !given.HasThreshold || given.Threshold is >= 0 and <= 1,
            "voice_activity.threshold",
            "The threshold of speech must be between 0 and 1.");
        Time(given.SilenceDuration, "voice_activity.silence_duration", "The silence that ends speech", MaxSilenceMilliseconds);
        Time(given.PrefixPadding, "voice_activity.prefix_padding", "The audio before speech", MaxPrefixMilliseconds);
    }

    private static void Time(Google.Protobuf.WellKnownTypes.Duration? given, string field, string what, int most)
    {
        var milliseconds = (given?.Seconds * 1000.0) + (given?.Nanos / 1e6) ?? 0;
        Require(milliseconds >= 0 && milliseconds <= most, field, $"{what} must be between 0 and {most} milliseconds.");
    }

    private static void Switching(LanguageSwitching? given)
    {
        Require(
            given?.WindowCount is null or (>= 0 and <= MaxSwitchWindows),
            "language_switching.window_count",
            $"The number of windows that switch the language must be between 1 and {MaxSwitchWindows}.");
        Require(
            given?.Probability is null or (>= 0 and <= 1),
            "language_switching.probability",
            "The probability that switches the language must be above 0 and at most 1.");
    }

    private static void Enumeration<T>(T value, string field)
        where T : struct, Enum =>
        Require(Enum.IsDefined(value), field, $"{value} is no value of {field}.");

    private static void Require(bool holds, string field, string message)
    {
        if (!holds)
        {
            throw MeshException.InvalidArgument(field, message);
        }
    }
}
