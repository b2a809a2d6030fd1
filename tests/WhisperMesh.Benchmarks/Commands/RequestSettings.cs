using WhisperMesh.Whisper;

namespace WhisperMesh.Benchmarks.Commands;

/// <summary>What the command line asks of each request, in the engine's own terms; the defaults are the engine's.</summary>
internal sealed record RequestSettings
{
    private static readonly TranscriptionRequest Defaults = new();

    public bool Words { get; init; }

    public int BeamSize { get; init; } = Defaults.BeamSize;

    public int BestOf { get; init; } = Defaults.BestOf;

    public float Temperature { get; init; } = Defaults.Temperature;

    public bool CarryContext { get; init; }

    public TranscriptionRequest ToRequest(string? language, RequestClass urgency) => new()
    {
        Language = language,
        Class = urgency,
        WordTimestamps = Words,
        BeamSize = BeamSize,
        BestOf = BestOf,
        Temperature = Temperature,
        CarryContext = CarryContext,
    };
}
