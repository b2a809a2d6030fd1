namespace WhisperMesh.Whisper;

/// <summary>When a language that was detected gives way to another in the middle of the audio: never for one doubtful window.</summary>
public sealed record LanguageSwitching
{
    /// <summary>Most windows that may be asked for: they all wait for the decision.</summary>
    public const int MaxWindows = 10;

    /// <summary>Windows in a row that must hear the same other language, 1 to 10.</summary>
    public int Windows { get; init; } = 2;

    /// <summary>Probability that each of them must give it, among the allowed languages, 0 to 1.</summary>
    public float Probability { get; init; } = 0.8f;
}
