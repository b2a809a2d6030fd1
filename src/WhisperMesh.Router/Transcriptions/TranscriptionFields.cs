using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>The form fields of one request beside the file, checked as they arrive, so that a bad one stops the upload.</summary>
internal sealed class TranscriptionFields(TranscriptionTask task, RouterOptions options, IReadOnlySet<string>? only = null)
{
    private const string Granularities = "timestamp_granularities";
    private const string Include = "include";

    // What OpenAI's API has and this one has not: refused by name rather than as unknown.
    private static readonly HashSet<string> Unsupported = ["known_speaker_names", "known_speaker_references"];

    private static readonly Dictionary<string, TimestampGranularities> GranularityValues = new()
    {
        ["segment"] = TimestampGranularities.Segment,
        ["word"] = TimestampGranularities.Word,
    };

    private static readonly Dictionary<string, ResponseFormat> FormatValues = new()
    {
        ["json"] = ResponseFormat.Json,
        ["text"] = ResponseFormat.Text,
        ["srt"] = ResponseFormat.Srt,
        ["verbose_json"] = ResponseFormat.VerboseJson,
        ["vtt"] = ResponseFormat.Vtt,
    };

    private static readonly Dictionary<string, bool> IncludeValues = new() { ["logprobs"] = true };

    private readonly HashSet<string> _seen = [];
    private readonly ChunkingField _chunking = new();

    public TranscriptionConfig Config { get; } = new() { Task = task };

    public ResponseFormat Format { get; private set; } = ResponseFormat.Json;

    public bool Stream { get; private set; }

    /// <summary>Which times to give; in a stream none unless they are asked for.</summary>
    public TimestampGranularities TimestampGranularities { get; private set; } = TimestampGranularities.None;

    private bool Translates => Config.Task == TranscriptionTask.Translate;

    /// <exception cref="ApiException">The field cannot be honoured.</exception>
    /// <exception cref="ServiceDefaults.Errors.MeshException">Its value is out of range, or goes ill with a field before it.</exception>
    public void Add(string name, string value)
    {
        if (only is not null && !only.Contains(Plain(name)))
        {
            throw Refused(name);
        }

        if (!TryAddToList(name, value))
        {
            AddOnce(name, value);
        }

        TranscriptionChecks.Check(Config, options);
    }

    /// <summary>Checks what depends on more than one field, once all are there.</summary>
    public void Complete()
    {
        if (TimestampGranularities != TimestampGranularities.None && Format != ResponseFormat.VerboseJson && !Stream)
        {
            throw ApiException.BadRequest(Granularities, "'timestamp_granularities' needs response_format 'verbose_json', or stream.");
        }

        if (Stream && Format != ResponseFormat.Json)
        {
            throw ApiException.BadRequest("response_format", "With stream, response_format can only be 'json'.");
        }

        if (Config.TokenDetails && Format != ResponseFormat.Json)
        {
            throw ApiException.BadRequest(Include, "'include' needs response_format 'json'.");
        }

        _chunking.Complete();
        Config.WordTimestamps = TimestampGranularities.HasFlag(TimestampGranularities.Word);
        if (TimestampGranularities == TimestampGranularities.None && !Stream)
        {
            TimestampGranularities = TimestampGranularities.Segment;
        }
    }

    private bool TryAddToList(string name, string value)
    {
        switch (Plain(name))
        {
            case Granularities when !Translates:
                TimestampGranularities |= FieldValues.Choice(Granularities, value, GranularityValues);
                return true;
            case "languages" when !Translates:
                Config.LanguageCodes.Add(value);
                return true;
            case Include when !Translates:
                Config.TokenDetails = FieldValues.Choice(Include, value, IncludeValues);
                return true;
            case "keywords":
                Config.Keywords.Add(value);
                return true;
            default:
                return false;
        }
    }

    private void AddOnce(string name, string value)
    {
        if (!_seen.Add(Plain(name)))
        {
            throw ApiException.BadRequest(name, $"'{name}' may be given once only.");
        }

        switch (name)
        {
            case "model":
                Config.Model = value.Length > 0 ? value : throw ApiException.BadRequest(name, "'model' is empty.");
                break;
            case "prompt":
                Config.Prompt = value;
                break;
            case "temperature":
                Config.Temperature = FieldValues.Number(name, value);
                break;
            case "response_format":
                Format = FormatOf(name, value);
                break;
            case "language" when !Translates:
                RequestChecks.Language(value, "language_code");
                Config.LanguageCode = value;
                break;
            case var chunking when !Translates && ChunkingField.Is(chunking):
                _chunking.Add(name, value);
                Config.VoiceActivity = _chunking.Voice;
                break;
            case "stream" when !Translates:
                Stream = FieldValues.Boolean(name, value);
                break;
            default:
                if (!EngineFields.TryAdd(Config, name, value))
                {
                    throw Refused(name);
                }

                break;
        }
    }

    private static ResponseFormat FormatOf(string name, string value) => value == "diarized_json"
        ? throw ApiException.BadRequest(
            name,
            "'diarized_json' is not supported here: speakers are not told apart. "
            + "Where each has a channel, channels=separate with verbose_json tells the channels apart.",
            "unsupported_value")
        : FieldValues.Choice(name, value, FormatValues);

    private static ApiException Refused(string name) => Unsupported.Contains(Plain(name))
        ? ApiException.Unsupported(name, $"'{name}' is not supported here.")
        : ApiException.BadRequest(
            name, $"Unrecognized request argument supplied: {RequestChecks.Shortened(name)}.", "unknown_parameter");

    // OpenAI's clients write the names of lists with brackets; hand-written requests often without.
    private static string Plain(string name) => name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name;
}
