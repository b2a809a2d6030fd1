using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>What the engine thought of a piece of text, without the text.</summary>
internal readonly record struct Score(
    int Index,
    TimeSpan Start,
    TimeSpan Length,
    SegmentVerdict Verdict,
    float Confidence,
    float LogProbability,
    float NoSpeech,
    float Compression,
    float Temperature,
    int Tokens,
    string Language,
    int? Channel)
{
    public bool IsDoubtful => Verdict is not (SegmentVerdict.Ok or SegmentVerdict.Unspecified);

    public static Score Of(TranscriptSegment segment) => new(
        segment.Index,
        segment.StartOffset?.ToTimeSpan() ?? TimeSpan.Zero,
        segment.SegmentDuration?.ToTimeSpan() ?? TimeSpan.Zero,
        segment.Verdict,
        segment.Confidence,
        segment.AverageLogProbability,
        segment.NoSpeechProbability,
        segment.CompressionRatio,
        segment.Temperature,
        segment.Tokens.Count,
        segment.LanguageCode,
        segment.HasChannel ? segment.Channel : null);
}
