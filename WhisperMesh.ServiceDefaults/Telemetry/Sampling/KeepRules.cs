using System.Diagnostics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>What makes a trace worth keeping. Attributes that it goes by are the mesh's own.</summary>
internal static class KeepRules
{
    private const string GoodVerdict = "ok";

    /// <summary>What a single span says.</summary>
    /// <returns>The reason to keep its trace; null where it gives none.</returns>
    public static string? OfSpan(Activity span)
    {
        if (span.Status == ActivityStatusCode.Error)
        {
            return KeepReasons.Failed;
        }

        return span.GetTagItem(TelemetryNames.Attributes.Verdict) is string verdict && verdict != GoodVerdict ? KeepReasons.Quality : null;
    }

    /// <summary>What is known when the request has ended in this process.</summary>
    /// <param name="root">Its first span here.</param>
    /// <param name="audio">Length of the audio that it was about; zero where no span told.</param>
    /// <param name="slow">What may come on top of it.</param>
    public static string? OfRequest(Activity root, TimeSpan audio, TimeSpan slow) =>
        root.Duration - audio > slow ? KeepReasons.Slow : null;

    /// <summary>Length of the audio that a span is about.</summary>
    public static TimeSpan AudioOf(Activity span) => span.GetTagItem(TelemetryNames.Attributes.AudioSeconds) switch
    {
        double seconds and >= 0 and < 1e7 => TimeSpan.FromSeconds(seconds),
        _ => TimeSpan.Zero,
    };
}
