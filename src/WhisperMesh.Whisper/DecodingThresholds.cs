namespace WhisperMesh.Whisper;

/// <summary>
/// When a decoded text is doubted and tried again, or taken for silence. The defaults are those of the Whisper paper
/// (arXiv 2212.04356, section 4.5).
/// </summary>
public sealed record DecodingThresholds
{
    /// <summary>Text whose length over its zlib-compressed length is above this repeats itself. The paper's 2.4.</summary>
    public float CompressionRatio { get; init; } = 2.4f;

    /// <summary>Mean log probability of the tokens below which a text is doubtful. The paper's −1.</summary>
    public float LogProbability { get; init; } = -1f;

    /// <summary>No-speech probability above which doubtful text is taken for silence. The paper's 0.6.</summary>
    public float NoSpeech { get; init; } = 0.6f;
}
