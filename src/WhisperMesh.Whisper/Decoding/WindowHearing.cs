using WhisperMesh.Whisper.Telemetry;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>How a window is heard that is heard again and again while it grows.</summary>
internal sealed record WindowHearing
{
    /// <summary>Takes the first text as it is, however doubtful.</summary>
    public bool Once { get; init; }

    /// <summary>Tokens at the start of its text that stand: the model goes on from them.</summary>
    public int[] Begun { get; init; } = [];

    /// <summary>Log probability of each, as they were first heard.</summary>
    public float[] BegunLogProbabilities { get; init; } = [];

    /// <summary>Least length to hear it in.</summary>
    public double LeastSeconds { get; init; } = WindowAudio.LeastSeconds;

    /// <summary>Its span; null: it gets one of its own.</summary>
    public WindowSpan? Span { get; init; }

    /// <summary>The text with what stands at its start.</summary>
    public DecodedText Whole(DecodedText rest) => Begun.Length == 0 ? rest : rest with
    {
        Tokens = [.. Begun, .. rest.Tokens],
        LogProbabilities = [.. BegunLogProbabilities, .. rest.LogProbabilities],
        // Over the end of text too, as that of the rest. One doubtful word after many sure ones is no doubtful text.
        AverageLogProbability = (BegunLogProbabilities.Sum() + rest.AverageLogProbability * (rest.Tokens.Count + 1))
            / (Begun.Length + rest.Tokens.Count + 1),
    };
}
