using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>What is asked of a live stream. What is not set takes the mesh's default; what can't be honoured is refused by name.</summary>
public sealed record LiveOptions
{
    /// <summary>Format of the samples that are sent; headerless, of any rate.</summary>
    public required AudioFormat AudioFormat { get; init; }

    /// <summary>Id or alias of the model; null for the default one.</summary>
    public string? Model { get; init; }

    /// <summary>Language spoken, such as <c>en</c> or <c>pt-BR</c>; null to have it detected.</summary>
    public string? Language { get; init; }

    /// <summary>Languages that detection chooses from; empty for all. Not together with <see cref="Language"/>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>When a language that was detected gives way to another.</summary>
    public LanguageSwitching? LanguageSwitching { get; init; }

    /// <summary>Text in English, whatever is spoken.</summary>
    public bool Translate { get; init; }

    /// <summary>Text taken as said before the audio: names, spelling and style to follow.</summary>
    public string? Prompt { get; init; }

    /// <summary>Names and terms that are likely to be said, at most 100, the most important first.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Delay against steadiness.</summary>
    public LiveLatency Latency { get; init; }

    /// <summary>Probability from which sound counts as speech, 0 to 1.</summary>
    public float? SpeechThreshold { get; init; }

    /// <summary>Silence that ends an utterance, 0.1 to 10 seconds.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>Audio that is heard along before speech begins, at most 2 seconds.</summary>
    public TimeSpan? PrefixPadding { get; init; }

    /// <summary>Speech after which an utterance ends though no pause has come, 5 to 60 seconds.</summary>
    public TimeSpan? MaximumUtterance { get; init; }

    /// <summary>Utterances end only by <see cref="LiveTranscription.Commit"/> or at their maximum length, whatever the pauses.</summary>
    public bool ManualEndpoints { get; init; }

    /// <summary>What drives the passes of the model.</summary>
    public LivePassClock PassClock { get; init; }

    /// <summary>Leaves out what may still change.</summary>
    public bool OmitTentative { get; init; }

    /// <summary>When text is doubted.</summary>
    public DecodingThresholds? Thresholds { get; init; }

    /// <summary>Name under which viewers may follow the captions, 1 to 64 characters of A-Z a-z 0-9 . _ -; null: nobody may.</summary>
    public string? CaptionName { get; init; }

    /// <summary>Id of the stream, 1 to 64 characters of A-Z a-z 0-9 . _ -; null to have one made.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// Audio that the client keeps until the mesh has acknowledged it, so that it can send it again; beyond it, sending waits.
    /// </summary>
    public TimeSpan Tail { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the client tries to resume a stream that broke off.</summary>
    public TimeSpan ResumeTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same as the contract has it.</summary>
    public LiveConfig ToConfig() => new()
    {
        Model = Model ?? "",
        LanguageCode = Language ?? "",
        LanguageCodes = { Languages },
        LanguageSwitching = LanguageSwitching,
        Task = Translate ? TranscriptionTask.Translate : TranscriptionTask.Transcribe,
        Prompt = Prompt ?? "",
        Keywords = { Keywords },
        AudioFormat = AudioFormat,
        RequestId = RequestId ?? "",
        Latency = Latency,
        Endpointing = ToEndpointing(),
        PassClock = PassClock,
        OmitTentative = OmitTentative,
        Thresholds = Thresholds,
        CaptionName = CaptionName ?? "",
    };

    private Endpointing? ToEndpointing()
    {
        if (SpeechThreshold is null && (Pause ?? PrefixPadding ?? MaximumUtterance) is null && !ManualEndpoints)
        {
            return null;
        }

        var endpointing = new Endpointing
        {
            PauseDuration = Pause is { } pause ? Duration.FromTimeSpan(pause) : null,
            PrefixPadding = PrefixPadding is { } padding ? Duration.FromTimeSpan(padding) : null,
            MaximumUtteranceDuration = MaximumUtterance is { } maximum ? Duration.FromTimeSpan(maximum) : null,
            Manual = ManualEndpoints,
        };
        if (SpeechThreshold is { } threshold)
        {
            endpointing.Threshold = threshold;
        }

        return endpointing;
    }
}
