using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Realtime;

/// <summary>A session as clients of today see it.</summary>
internal sealed record SessionObject
{
    public string Type { get; } = "transcription";
    public string Object { get; } = SessionNotes.ObjectName;
    public required string Id { get; init; }
    public required SessionAudio Audio { get; init; }
    public required IReadOnlyList<string>? Include { get; init; }
    public required SessionNotes Whispermesh { get; init; }

    public static SessionObject Of(string id, RealtimeSettings settings, IReadOnlyList<string> warnings) => new()
    {
        Id = id,
        Audio = new SessionAudio(new SessionInput(
            FormatObject.Of(settings.Format), TranscriptionObject.Of(settings), null, TurnsObject.Of(settings.TurnDetection))),
        Include = SessionNotes.Include(settings),
        Whispermesh = new SessionNotes([.. settings.Warnings, .. warnings]),
    };
}

/// <summary>A session as clients of the beta see it.</summary>
internal sealed record BetaSessionObject
{
    public string Object { get; } = SessionNotes.ObjectName;
    public required string Id { get; init; }
    public required string InputAudioFormat { get; init; }
    public required TranscriptionObject InputAudioTranscription { get; init; }
    public object? InputAudioNoiseReduction { get; }
    public required TurnsObject? TurnDetection { get; init; }
    public required IReadOnlyList<string>? Include { get; init; }
    public required SessionNotes Whispermesh { get; init; }

    public static BetaSessionObject Of(string id, RealtimeSettings settings, IReadOnlyList<string> warnings) => new()
    {
        Id = id,
        InputAudioFormat = settings.Format.Type switch
        {
            InputFormat.Pcmu => "g711_ulaw",
            InputFormat.Pcma => "g711_alaw",
            _ => "pcm16",
        },
        InputAudioTranscription = TranscriptionObject.Of(settings),
        TurnDetection = TurnsObject.Of(settings.TurnDetection),
        Include = SessionNotes.Include(settings),
        Whispermesh = new SessionNotes([.. settings.Warnings, .. warnings]),
    };
}

internal sealed record SessionAudio(SessionInput Input);

internal sealed record SessionInput(
    FormatObject Format, TranscriptionObject Transcription, object? NoiseReduction, TurnsObject? TurnDetection);

internal sealed record FormatObject(
    string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rate)
{
    public static FormatObject Of(InputFormat format) => new(format.Type, format.Type == InputFormat.Pcm ? format.RateHz : null);
}

internal sealed record TranscriptionObject(
    string? Model,
    string? Language,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Languages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Keywords,
    string Prompt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Delay)
{
    public static TranscriptionObject Of(RealtimeSettings settings) => new(
        settings.Model.Length > 0 ? settings.Model : null,
        settings.Language.Length > 0 ? settings.Language : null,
        settings.Languages.Count > 0 ? settings.Languages : null,
        settings.Keywords.Count > 0 ? settings.Keywords : null,
        settings.Prompt,
        settings.Delay);
}

internal sealed record TurnsObject(string Type)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? Threshold { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PrefixPaddingMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SilenceDurationMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? IdleTimeoutMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Eagerness { get; init; }

    public static TurnsObject? Of(TurnDetection? turns) => turns switch
    {
        ServerVad vad => new TurnsObject("server_vad")
        {
            Threshold = vad.Threshold,
            PrefixPaddingMs = vad.PrefixPaddingMs,
            SilenceDurationMs = vad.SilenceDurationMs,
            IdleTimeoutMs = vad.IdleTimeoutMs,
        },
        SemanticVad semantic => new TurnsObject("semantic_vad") { Eagerness = semantic.Eagerness },
        _ => null,
    };
}

/// <summary>What OpenAI's API has no field for.</summary>
/// <param name="Warnings">What is honoured in part only.</param>
internal sealed record SessionNotes(IReadOnlyList<string> Warnings)
{
    public const string ObjectName = "realtime.transcription_session";

    public static IReadOnlyList<string>? Include(RealtimeSettings settings) => settings.Logprobs ? [SettingsReader.LogprobsItem] : null;
}
