using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Whisper;
using Wire = WhisperMesh.Speech.V1;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks the fields of a configuration that steer the search for the text.</summary>
internal static class DecodingReader
{
    private const int MaxKeywords = 100;
    private const int MaxKeywordLength = 64;

    private static readonly TranscriptionRequest Defaults = new();

    public static float Temperature(float temperature) => temperature is >= 0 and <= 1
        ? temperature
        : throw MeshException.InvalidArgument("temperature", "The temperature must be between 0 and 1.");

    public static int BeamSize(Wire.TranscriptionConfig config)
    {
        var beams = Rows(config.BeamSize, Defaults.BeamSize, "beam_size");
        return beams == 1 || config.Temperature <= 0
            ? beams
            : throw MeshException.InvalidArgument("beam_size", "Beams are followed at temperature 0 only; above it, use best_of.");
    }

    public static int BestOf(Wire.TranscriptionConfig config) => Rows(config.BestOf, Defaults.BestOf, "best_of");

    public static IReadOnlyList<string> Keywords(IReadOnlyCollection<string> keywords)
    {
        if (keywords.Count > MaxKeywords)
        {
            throw MeshException.InvalidArgument("keywords", $"There are {keywords.Count} keywords; at most {MaxKeywords} are allowed.");
        }

        if (keywords.Any(word => string.IsNullOrWhiteSpace(word) || word.Length > MaxKeywordLength || word.Any(IsForbidden)))
        {
            throw MeshException.InvalidArgument(
                "keywords", $"A keyword has 1 to {MaxKeywordLength} characters, no \"<\" or \">\" and no control characters.");
        }

        return [.. keywords];
    }

    public static DecodingThresholds Thresholds(Wire.DecodingThresholds? given)
    {
        var defaults = Defaults.Thresholds;
        return given is null
            ? defaults
            : new DecodingThresholds
            {
                CompressionRatio = given.HasCompressionRatio ? Finite(
                    given.CompressionRatio, given.CompressionRatio > 0, "compression_ratio", "above 0") : defaults.CompressionRatio,
                LogProbability = given.HasLogProbability ? Finite(
                    given.LogProbability, given.LogProbability <= 0, "log_probability", "at most 0") : defaults.LogProbability,
                NoSpeech = given.HasNoSpeech ? Finite(
                    given.NoSpeech, given.NoSpeech is >= 0 and <= 1, "no_speech", "between 0 and 1") : defaults.NoSpeech,
            };
    }

    public static LanguageSwitching Switching(Wire.LanguageSwitching? given)
    {
        var defaults = Defaults.Switching;
        return given is null
            ? defaults
            : new LanguageSwitching
            {
                Windows = given.WindowCount is >= 0 and <= LanguageSwitching.MaxWindows
                    ? (given.WindowCount == 0 ? defaults.Windows : given.WindowCount)
                    : throw MeshException.InvalidArgument(
                        "language_switching.window_count", $"The windows that switch the language must be 1 to {LanguageSwitching.MaxWindows}."),
                Probability = given.Probability is >= 0 and <= 1
                    ? (given.Probability == 0 ? defaults.Probability : given.Probability)
                    : throw MeshException.InvalidArgument(
                        "language_switching.probability", "The probability that switches the language must be above 0, at most 1."),
            };
    }

    public static RequestClass Class(Wire.RequestClass given) => given switch
    {
        Wire.RequestClass.Unspecified or Wire.RequestClass.Interactive => RequestClass.Interactive,
        Wire.RequestClass.Live => RequestClass.Live,
        Wire.RequestClass.Bulk => RequestClass.Bulk,
        _ => throw MeshException.InvalidArgument("request_class", $"Request class {(int)given} is unknown."),
    };

    public static bool SeparatesChannels(Wire.ChannelMode given) => given switch
    {
        Wire.ChannelMode.Unspecified or Wire.ChannelMode.Mixed => false,
        Wire.ChannelMode.Separate => true,
        _ => throw MeshException.InvalidArgument("channel_mode", $"Channel mode {(int)given} is unknown."),
    };

    private static int Rows(int given, int standard, string field) => given switch
    {
        0 => standard,
        >= 1 and <= TranscriptionRequest.MaxRows => given,
        _ => throw MeshException.InvalidArgument(
            field, $"{field} is {given}; it must be 1 to {TranscriptionRequest.MaxRows}, or 0 for the default of {standard}."),
    };

    private static float Finite(float value, bool holds, string field, string range) => holds && float.IsFinite(value)
        ? value
        : throw MeshException.InvalidArgument($"thresholds.{field}", $"The {field} threshold must be {range}.");

    // Angle brackets would read as control tokens; a line break would end the list that the model is told.
    private static bool IsForbidden(char character) => character is '<' or '>' || char.IsControl(character);
}
