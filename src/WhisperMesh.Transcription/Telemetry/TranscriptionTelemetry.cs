using System.Diagnostics;

namespace WhisperMesh.Transcription.Telemetry;

/// <summary>Names of the worker's spans. None carries text or audio.</summary>
internal static class TranscriptionTelemetry
{
    public const string Name = "WhisperMesh.Transcription";
    public const string Queue = "queue";
    public const string AudioDecoding = "audio decoding";
    public const string VoiceDetection = "voice detection";
    public const string ModelLoad = "model load";
    public const string Inference = "inference";

    /// <summary>Seconds of the span in which its own work was done.</summary>
    public const string BusySeconds = "whispermesh.busy_seconds";

    public static readonly ActivitySource Source = new(Name);
}
