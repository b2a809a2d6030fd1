namespace WhisperMesh.Whisper.Decoding;

/// <summary>What one decoding of a window gave.</summary>
internal sealed record DecodedText(
    IReadOnlyList<int> Tokens,
    IReadOnlyList<float> LogProbabilities,
    float AverageLogProbability,
    float NoSpeechProbability,
    bool EndedByModel)
{
    /// <summary>The same words come again and again.</summary>
    public bool Repeats { get; init; }
}
