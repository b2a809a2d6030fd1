using System.Diagnostics;
using System.Diagnostics.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>The engine's source of spans and its measures. Static, as a library's are: whoever hosts it decides who listens.</summary>
internal static class WhisperTelemetry
{
    public static readonly ActivitySource Source = new(TelemetryNames.Sources.Whisper);

    private static readonly Meter Meter = new(TelemetryNames.Sources.Whisper);

    private static readonly KeyValuePair<string, object?>[] Reasons =
    [
        new(TelemetryNames.Attributes.Reason, Name(Fallback.FullWindow)),
        new(TelemetryNames.Attributes.Reason, Name(Fallback.Loop)),
        new(TelemetryNames.Attributes.Reason, Name(Fallback.Doubt)),
    ];

    private static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>(
        TelemetryNames.Metrics.Fallbacks, "{decoding}", "Windows that were decoded once more, by why.");

    /// <summary>Written at each step of any model, by its scheduler's thread.</summary>
    public static readonly Histogram<int> StepRows = Meter.CreateHistogram<int>(
        TelemetryNames.Metrics.StepRows, "{row}", "Rows in a step of the decoder.");

    public static readonly Counter<long> Windows = Meter.CreateCounter<long>(
        TelemetryNames.Metrics.Windows, "{window}", "Windows of audio that a model heard.");

    public static readonly Counter<long> Tokens = Meter.CreateCounter<long>(
        TelemetryNames.Metrics.Tokens, "{token}", "Tokens chosen, those of texts that were not kept included.");

    public static void OnFallback(Fallback fallback) => Fallbacks.Add(1, Reasons[(int)fallback]);

    public static string Name(Fallback fallback) => fallback switch
    {
        Fallback.FullWindow => "full_window",
        Fallback.Loop => "loop",
        _ => "doubt",
    };
}

/// <summary>Why a window is decoded once more.</summary>
internal enum Fallback
{
    /// <summary>Its text repeats itself: it is heard in 30 s instead of little more than its length.</summary>
    FullWindow,

    /// <summary>Its text repeats itself still: a higher temperature.</summary>
    Loop,

    /// <summary>Its text is doubtful: a higher temperature.</summary>
    Doubt,
}
