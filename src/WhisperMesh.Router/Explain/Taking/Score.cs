using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Explain.Taking;

/// <summary>What the engine thought of a piece of text; without the text, unless its tenant keeps that.</summary>
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
    int? Channel,
    string Text)
{
    // Of a piece that long, more than its beginning helps nobody.
    private const int LongestText = 1000;

    public bool IsDoubtful => Verdict is not (SegmentVerdict.Ok or SegmentVerdict.Unspecified);

    public static Score Of(TranscriptSegment segment, bool keepsText) => new(
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
        segment.HasChannel ? segment.Channel : null,
        !keepsText ? "" : segment.Text.Length > LongestText ? segment.Text[..LongestText] : segment.Text);
}
