namespace WhisperMesh.Whisper.Live;

/// <summary>What one pass made of the open window. Without words where nobody was understood.</summary>
internal sealed record Hypothesis
{
    public required IReadOnlyList<HeardWord> Words { get; init; }

    /// <summary>Where on the stream its audio ended.</summary>
    public required long End { get; init; }

    /// <summary>As what it was decoded.</summary>
    public required string Language { get; init; }

    /// <summary>What it sounds like, likeliest first.</summary>
    public required IReadOnlyList<LanguageProbability> Heard { get; init; }

    /// <summary>Voice in the window.</summary>
    public required TimeSpan Voice { get; init; }

    /// <summary>How likely nobody spoke.</summary>
    public required float NoSpeechProbability { get; init; }

    public required float Temperature { get; init; }

    /// <summary>Whether it should be tried again before it is believed.</summary>
    public required bool IsDoubtful { get; init; }
}
