namespace WhisperMesh.Whisper;

/// <summary>
/// When a decoded text is doubted and tried again, or taken for silence. The defaults are those of the Whisper paper
/// (arXiv 2212.04356, section 4.5), and for what it leaves open our own measurements with Whisper base.
/// </summary>
public sealed record DecodingThresholds
{
    /// <summary>Text whose length over its zlib-compressed length is above this repeats itself. The paper's 2.4.</summary>
    public float CompressionRatio { get; init; } = 2.4f;

    /// <summary>Mean log probability of the tokens below which a text is doubtful. The paper's −1.</summary>
    public float LogProbability { get; init; } = -1f;

    /// <summary>No-speech probability above which doubtful text is taken for silence. The paper's 0.6.</summary>
    public float NoSpeech { get; init; } = 0.6f;

    /// <summary>
    /// No-speech probability above which a phrase that Whisper is known to make up in silence, such as "Thank you.", is left out.
    /// Measured: silence and noises of many kinds gave 0.55 and more, speech 0.14 and less.
    /// </summary>
    public float PhraseNoSpeech { get; init; } = 0.3f;

    /// <summary>
    /// Mean log probability below which such a phrase is left out. Measured: "you" and "Thank you." out of silence had −0.92 and less,
    /// windows of speech −0.52 and more.
    /// </summary>
    public float PhraseLogProbability { get; init; } = -0.8f;

    /// <summary>
    /// Probability above which speech is said to be in another language than it was decoded as, when its own is below a tenth.
    /// </summary>
    public float OtherLanguage { get; init; } = 0.8f;
}
