using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Transcription.Requests;

namespace WhisperMesh.Transcription.Telemetry;

/// <summary>The worker's source of spans. None carries text or audio.</summary>
internal static class TranscriptionTelemetry
{
    public const string Name = TelemetryNames.Sources.Transcription;

    public static readonly ActivitySource Source = new(Name);

    /// <summary>Says on the call's own span whose it is.</summary>
    public static void Describe(Activity? call, TranscriptionJob job)
    {
        if (call is { IsAllDataRequested: true })
        {
            call.SetTag(TelemetryNames.Attributes.RequestId, job.RequestId);
            call.SetTag(TelemetryNames.Attributes.Attempt, job.Attempt);
            call.SetTag(TelemetryNames.Attributes.Model, job.Model);
            call.SetTag(TelemetryNames.Attributes.Class, ClassName(job.Request.Class));
        }
    }

    public static string ClassName(Whisper.RequestClass requestClass) => requestClass switch
    {
        Whisper.RequestClass.Live => "live",
        Whisper.RequestClass.Interactive => "interactive",
        _ => "bulk",
    };
}
