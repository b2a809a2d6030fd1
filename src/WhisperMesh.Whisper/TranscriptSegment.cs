namespace WhisperMesh.Whisper;

/// <summary>A stretch of speech and its text.</summary>
public sealed record TranscriptSegment
{
    /// <summary>Counts from 0 within the request.</summary>
    public required int Index { get; init; }

    /// <summary>On the time line of the audio that was sent, silences included.</summary>
    public required TimeSpan Start { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>As the model writes it, with its leading space where the language has them: texts joined give the transcript.</summary>
    public required string Text { get; init; }

    /// <summary>The model's tokens of the text, without timestamps.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Natural logarithm of the probability of each of <see cref="Tokens"/>.</summary>
    public required IReadOnlyList<float> LogProbabilities { get; init; }

    /// <summary>Mean natural logarithm of the probability of the segment's tokens: near 0 is sure, below −1 is doubtful.</summary>
    public required float AverageLogProbability { get; init; }

    /// <summary>How likely the window that the segment lies in holds no speech, 0 to 1.</summary>
    public required float NoSpeechProbability { get; init; }

    /// <summary>Length of the window's text over its length compressed: above 2.4 it repeats itself.</summary>
    public required float CompressionRatio { get; init; }

    /// <summary>The temperature that gave this text: above the one asked for when decoding had to be tried again.</summary>
    public required float Temperature { get; init; }

    /// <summary>Code of the language spoken.</summary>
    public required string Language { get; init; }

    /// <summary>What the engine thinks of the text.</summary>
    public SegmentVerdict Verdict { get; init; }

    /// <summary>Channel of the audio that it was spoken on, from 0; null where channels are mixed.</summary>
    public int? Channel { get; init; }

    /// <summary>The words with their places; null unless asked for.</summary>
    public IReadOnlyList<TranscriptWord>? Words { get; init; }
}

/// <summary>A word, with the punctuation that belongs to it.</summary>
public sealed record TranscriptWord(string Text, TimeSpan Start, TimeSpan Duration, float Probability)
{
    /// <summary>How many of the segment's tokens it has.</summary>
    internal int TokenCount { get; init; }
}
