namespace WhisperMesh.Whisper;

/// <summary>How speech is told from silence. What is not set is as the engine does it by itself.</summary>
public sealed record SpeechDetection
{
    /// <summary>Longest <see cref="Prefix"/>.</summary>
    public static readonly TimeSpan MaxPrefix = TimeSpan.FromSeconds(2);

    /// <summary>Longest <see cref="Silence"/>.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(10);

    /// <summary>Probability from which sound counts as speech, 0 to 1.</summary>
    public float? Threshold { get; init; }

    /// <summary>Silence that ends a stretch of speech; shorter pauses are heard as a part of it.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Audio that is heard along before speech begins.</summary>
    public TimeSpan? Prefix { get; init; }
}
