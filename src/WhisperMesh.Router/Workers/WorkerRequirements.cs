using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>What a worker must have to serve a request.</summary>
internal sealed record WorkerRequirements
{
    public required ModelKind Kind { get; init; }

    /// <summary>Model id or alias; empty: the default model.</summary>
    public string Model { get; init; } = "";

    /// <summary>BCP-47; empty: any.</summary>
    public string Language { get; init; } = "";

    /// <summary>Languages that are detected among, BCP-47; a worker must know them all.</summary>
    public IReadOnlyList<string> AllowedLanguages { get; init; } = [];

    /// <summary>Whether the language is to be found out first, or may be named later: workers count whatever they are dedicated to.</summary>
    public bool IsLanguageOpen { get; init; }

    /// <summary>A voice that workers which list it are preferred for; others may know it by another name.</summary>
    public string Voice { get; init; } = "";

    /// <summary>Features as <see cref="WorkerFeatures"/> names them.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Whether the audio needs ffmpeg.</summary>
    public CompressedAudio CompressedAudio { get; init; }
}

internal enum CompressedAudio
{
    None,

    /// <summary>Unknown yet: workers with ffmpeg come first.</summary>
    Preferred,
    Required,
}

/// <summary>Features of a worker's model, as the contract spells them.</summary>
internal static class WorkerFeatures
{
    public const string Transcribe = "transcribe";
    public const string Translate = "translate";
    public const string LanguageDetection = "language-detection";
    public const string WordTimestamps = "word-timestamps";
    public const string Channels = "channels";
    public const string Keywords = "keywords";
    public const string BeamSearch = "beam-search";
    public const string Live = "live";
    public const string Synthesize = "synthesize";
}
