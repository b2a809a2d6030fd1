using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>What is asked of a transcription. What is not set takes the mesh's default; what can't be honoured is refused by name.</summary>
public sealed record TranscribeOptions
{
    /// <summary>Id or alias of the model; null for the default one.</summary>
    public string? Model { get; init; }

    /// <summary>Language spoken, such as <c>en</c> or <c>pt-BR</c>; null to have it detected.</summary>
    public string? Language { get; init; }

    /// <summary>Languages that detection chooses from; empty for all. Not together with <see cref="Language"/>.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>
    /// Stretches of speech in a row that must surely be in another language than the one detected before the text turns to it, 1 to 10.
    /// </summary>
    public int? LanguageSwitchWindows { get; init; }

    /// <summary>How sure each of them must be, above 0 and at most 1.</summary>
    public float? LanguageSwitchProbability { get; init; }

    /// <summary>Text in English, whatever is spoken.</summary>
    public bool Translate { get; init; }

    /// <summary>Text taken as said before the audio: names, spelling and style to follow.</summary>
    public string? Prompt { get; init; }

    /// <summary>Names and terms that are likely to be said, at most 100, the most important first.</summary>
    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>Tells the model, with each stretch of audio, the text before it. Slower; spelling stays the same.</summary>
    public bool CarryContext { get; init; }

    /// <summary>Sampling temperature, 0 to 1.</summary>
    public float Temperature { get; init; }

    /// <summary>Texts followed side by side at temperature 0, 1 to 16.</summary>
    public int? BeamSize { get; init; }

    /// <summary>Texts sampled at temperatures above 0, 1 to 16.</summary>
    public int? BestOf { get; init; }

    /// <summary>Compression ratio above which a text repeats itself and is tried again.</summary>
    public float? CompressionRatioThreshold { get; init; }

    /// <summary>Mean log probability below which a text is doubtful and tried again.</summary>
    public float? LogProbabilityThreshold { get; init; }

    /// <summary>No-speech probability above which doubtful text is taken for silence.</summary>
    public float? NoSpeechThreshold { get; init; }

    /// <summary>Probability from which sound counts as speech, 0 to 1.</summary>
    public float? SpeechThreshold { get; init; }

    /// <summary>Silence that ends a stretch of speech, at most 10 seconds.</summary>
    public TimeSpan? SilenceDuration { get; init; }

    /// <summary>Audio that is heard along before speech begins, at most 2 seconds.</summary>
    public TimeSpan? PrefixPadding { get; init; }

    /// <summary>Starts the generator that sampling draws from.</summary>
    public int Seed { get; init; }

    /// <summary>How urgent it is.</summary>
    public RequestClass Class { get; init; }

    /// <summary>Transcribes each channel, up to 8, by itself; each segment then says its channel.</summary>
    public bool SeparateChannels { get; init; }

    /// <summary>Asks for the words of each segment with their times.</summary>
    public bool WordTimestamps { get; init; }

    /// <summary>Asks for the bytes of each token.</summary>
    public bool TokenDetails { get; init; }

    /// <summary>Format of the audio's bytes; null for a file that is recognised.</summary>
    public AudioFormat? AudioFormat { get; init; }

    /// <summary>Id of the request, 1 to 64 characters of A-Z a-z 0-9 . _ -; null to have one made.</summary>
    public string? RequestId { get; init; }

    /// <summary>The same as the contract has it.</summary>
    public TranscriptionConfig ToConfig() => new()
    {
        Model = Model ?? "",
        LanguageCode = Language ?? "",
        LanguageCodes = { Languages },
        Task = Translate ? TranscriptionTask.Translate : TranscriptionTask.Transcribe,
        Prompt = Prompt ?? "",
        Keywords = { Keywords },
        CarryContext = CarryContext,
        Temperature = Temperature,
        BeamSize = BeamSize ?? 0,
        BestOf = BestOf ?? 0,
        Thresholds = ToThresholds(),
        VoiceActivity = ToVoiceActivity(),
        LanguageSwitching = (LanguageSwitchWindows ?? LanguageSwitchProbability) is null
            ? null
            : new LanguageSwitching { WindowCount = LanguageSwitchWindows ?? 0, Probability = LanguageSwitchProbability ?? 0 },
        Seed = Seed,
        RequestClass = Class,
        ChannelMode = SeparateChannels ? ChannelMode.Separate : ChannelMode.Unspecified,
        WordTimestamps = WordTimestamps,
        TokenDetails = TokenDetails,
        AudioFormat = AudioFormat,
        RequestId = RequestId ?? "",
    };

    private VoiceActivity? ToVoiceActivity()
    {
        if (SpeechThreshold is null && SilenceDuration is null && PrefixPadding is null)
        {
            return null;
        }

        var voice = new VoiceActivity
        {
            SilenceDuration = SilenceDuration is { } silence ? Duration.FromTimeSpan(silence) : null,
            PrefixPadding = PrefixPadding is { } padding ? Duration.FromTimeSpan(padding) : null,
        };
        if (SpeechThreshold is { } threshold)
        {
            voice.Threshold = threshold;
        }

        return voice;
    }

    private DecodingThresholds? ToThresholds()
    {
        if ((CompressionRatioThreshold ?? LogProbabilityThreshold ?? NoSpeechThreshold) is null)
        {
            return null;
        }

        var thresholds = new DecodingThresholds();
        if (CompressionRatioThreshold is { } compressionRatio)
        {
            thresholds.CompressionRatio = compressionRatio;
        }

        if (LogProbabilityThreshold is { } logProbability)
        {
            thresholds.LogProbability = logProbability;
        }

        if (NoSpeechThreshold is { } noSpeech)
        {
            thresholds.NoSpeech = noSpeech;
        }

        return thresholds;
    }
}
