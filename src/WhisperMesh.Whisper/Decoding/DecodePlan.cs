using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>What one decoding of a window is to be like.</summary>
internal sealed record DecodePlan
{
    /// <summary>Tokens before the start of the transcript: keywords, prompt and context, with their mark.</summary>
    public required int[] Previous { get; init; }

    /// <summary>The token of the task.</summary>
    public required int Mode { get; init; }

    /// <summary>Language of the speech; null to detect it.</summary>
    public required string? Language { get; init; }

    /// <summary>Codes to detect among; empty for all.</summary>
    public required IReadOnlyList<string> AllowedLanguages { get; init; }

    /// <summary>Tokens of text that stand, which the decoding goes on from; only without timestamps.</summary>
    public int[] Begun { get; init; } = [];

    /// <summary>Most tokens that the text may have.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Whether the text is to carry timestamps.</summary>
    public required bool Timestamps { get; init; }

    /// <summary>0 for the likeliest tokens.</summary>
    public required float Temperature { get; init; }

    public required int Seed { get; init; }

    public required int BeamSize { get; init; }

    public required int BestOf { get; init; }

    /// <summary>Rows that it uses.</summary>
    public int Rows => Temperature > 0 ? BestOf : BeamSize;

    public DecodingTask Task(int positions, ControlTokens control) => new(
        [.. Previous, control.StartOfTranscript, 0, Mode], Previous.Length, positions, MaxTokens, Temperature, Seed, Timestamps)
    {
        BeamSize = BeamSize,
        BestOf = BestOf,
        IsBegun = Begun.Length > 0,
    };
}
