using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>What the engine thinks of a segment's text, by the names of the HTTP API.</summary>
internal sealed record SegmentJudgement(string Verdict)
{
    /// <summary>The verdicts and their names.</summary>
    public static IReadOnlyDictionary<SegmentVerdict, string> Names { get; } = new Dictionary<SegmentVerdict, string>
    {
        [SegmentVerdict.Ok] = "ok",
        [SegmentVerdict.SuspectedSilence] = "suspected_silence",
        [SegmentVerdict.SuspectedLoop] = "suspected_loop",
        [SegmentVerdict.LowConfidence] = "low_confidence",
        [SegmentVerdict.LanguageMismatch] = "language_mismatch",
        [SegmentVerdict.Unspecified] = "unspecified",
    };

    // A worker of a later version may know one that this router doesn't.
    public static SegmentJudgement Of(SegmentVerdict verdict) => new(Names.GetValueOrDefault(verdict, Names[SegmentVerdict.Unspecified]));
}
