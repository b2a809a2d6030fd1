using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Synthesis.Telemetry;

/// <summary>The worker's source of spans. None carries text or audio.</summary>
internal static class SynthesisTelemetry
{
    public const string Name = TelemetryNames.Sources.Synthesis;

    /// <summary>Pieces of a text that have a span of their own; a text has at most about forty.</summary>
    public const int MostPieces = 64;

    public static readonly ActivitySource Source = new(Name);
}
