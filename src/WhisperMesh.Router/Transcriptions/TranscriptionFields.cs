using System.Globalization;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>The form fields of one request beside the file, checked as they arrive, so that a bad one stops the upload.</summary>
internal sealed class TranscriptionFields(TranscriptionTask task, RouterOptions options)
{
    private const string Granularities = "timestamp_granularities";

    // What OpenAI's API has and this one has not: refused by name rather than as unknown.
    private static readonly HashSet<string> Unsupported =
    [
        "include", "chunking_strategy", "languages", "keywords", "known_speaker_names", "known_speaker_references",
    ];

    private readonly HashSet<string> _seen = [];

    public TranscriptionConfig Config { get; } = new() { Task = task };

    public ResponseFormat Format { get; private set; } = ResponseFormat.Json;

    public bool Stream { get; private set; }

    public TimestampGranularities TimestampGranularities { get; private set; } = TimestampGranularities.None;

    private bool Translates => Config.Task == TranscriptionTask.Translate;

    /// <exception cref="ApiException">The field cannot be honoured.</exception>
    public void Add(string name, string value)
    {
        // OpenAI's clients write the names of lists with brackets; hand-written requests often without.
        var plain = name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
        if (plain == Granularities && !Translates)
        {
            TimestampGranularities |= GranularityOf(value);
            return;
        }

        if (!_seen.Add(plain))
        {
            throw ApiException.BadRequest(name, $"'{name}' may be given once only.");
        }

        switch (name)
        {
            case "model":
                Config.Model = value.Length > 0 ? value : throw ApiException.BadRequest(name, "'model' is empty.");
                break;
            case "prompt":
                RequestChecks.Prompt(value, options.MaxPromptLength);
                Config.Prompt = value;
                break;
            case "temperature":
                Config.Temperature = TemperatureOf(value);
                break;
            case "response_format":
                Format = FormatOf(value);
                break;
            case "language" when !Translates:
                RequestChecks.Language(value);
                Config.LanguageCode = value;
                break;
            case "stream" when !Translates:
                Stream = BooleanOf(name, value);
                break;
            default:
                throw Unsupported.Contains(plain)
                    ? ApiException.Unsupported(name, $"'{name}' is not supported here.")
                    : ApiException.BadRequest(name, $"Unrecognized request argument supplied: {RequestChecks.Shortened(name)}.", "unknown_parameter");
        }
    }

    /// <summary>Checks what depends on more than one field, once all are there.</summary>
    public void Complete()
    {
        if (TimestampGranularities != TimestampGranularities.None && Format != ResponseFormat.VerboseJson)
        {
            throw ApiException.BadRequest(Granularities, "'timestamp_granularities' needs response_format 'verbose_json'.");
        }

        if (Stream && Format != ResponseFormat.Json)
        {
            throw ApiException.BadRequest("response_format", "With stream, response_format can only be 'json'.");
        }

        Config.WordTimestamps = TimestampGranularities.HasFlag(TimestampGranularities.Word);
        if (TimestampGranularities == TimestampGranularities.None)
        {
            TimestampGranularities = TimestampGranularities.Segment;
        }
    }

    private static TimestampGranularities GranularityOf(string value) => value switch
    {
        "segment" => TimestampGranularities.Segment,
        "word" => TimestampGranularities.Word,
        _ => throw NotOneOf(Granularities, value, "segment, word"),
    };

    private static ResponseFormat FormatOf(string value) => value switch
    {
        "json" => ResponseFormat.Json,
        "text" => ResponseFormat.Text,
        "srt" => ResponseFormat.Srt,
        "verbose_json" => ResponseFormat.VerboseJson,
        "vtt" => ResponseFormat.Vtt,
        "diarized_json" => throw ApiException.BadRequest(
            "response_format", "'diarized_json' is not supported here: speakers are not told apart.", "unsupported_value"),
        _ => throw NotOneOf("response_format", value, "json, text, srt, verbose_json, vtt"),
    };

    private static float TemperatureOf(string value)
    {
        if (!float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var temperature))
        {
            throw ApiException.BadRequest("temperature", "temperature must be a number between 0 and 1.");
        }

        RequestChecks.Temperature(temperature);
        return temperature;
    }

    private static bool BooleanOf(string name, string value) =>
        bool.TryParse(value, out var parsed) ? parsed : throw NotOneOf(name, value, "true, false");

    private static ApiException NotOneOf(string name, string value, string allowed) =>
        ApiException.BadRequest(name, $"Invalid value '{RequestChecks.Shortened(value)}' for '{name}'. Supported values: {allowed}.");
}
