using WhisperMesh.Speech.V1;

namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>What an engine thinks of its text, as traces and measures name it.</summary>
internal static class VerdictNames
{
    public const string Ok = "ok";

    public static string Of(SegmentVerdict verdict) => verdict switch
    {
        SegmentVerdict.Ok => Ok,
        SegmentVerdict.SuspectedSilence => "suspected_silence",
        SegmentVerdict.SuspectedLoop => "suspected_loop",
        SegmentVerdict.LowConfidence => "low_confidence",
        SegmentVerdict.LanguageMismatch => "language_mismatch",
        _ => "unjudged",
    };

    /// <summary>What is to be said against a text; null: nothing.</summary>
    public static string? DoubtOf(SegmentVerdict verdict) =>
        verdict is SegmentVerdict.Ok or SegmentVerdict.Unspecified ? null : Of(verdict);
}
