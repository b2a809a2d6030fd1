using System.Diagnostics;

namespace WhisperMesh.Synthesis.Telemetry;

/// <summary>Names in traces and metrics.</summary>
internal static class SynthesisTelemetry
{
    public const string Name = "WhisperMesh.Synthesis";
    public const string PieceActivity = "synthesize piece";
    public const string SamplesTag = "whispermesh.synthesis.samples";

    public static readonly ActivitySource Source = new(Name);
}
