using System.Text.Json;
using WhisperMesh.Router.Transcriptions.Formats;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>How far a segment of an upstream's can be trusted, by the measures that it gives with it.</summary>
internal static class UpstreamJudgement
{
    private const int MaxTokens = 4096;

    // The same measures by which the mesh's own engine doubts its text.
    private const float RepeatsAbove = 2.4f;
    private const float DoubtfulBelow = -1;
    private const float SilentAbove = 0.6f;

    public static TranscriptSegment Judge(JsonElement item, TranscriptSegment segment)
    {
        var logprob = item.NumberOf("avg_logprob");
        segment.AverageLogProbability = (float)(logprob ?? 0);
        segment.Confidence = logprob is { } known ? (float)Math.Clamp(Math.Exp(known), 0, 1) : 0;
        segment.NoSpeechProbability = (float)Math.Clamp(item.NumberOf("no_speech_prob") ?? 0, 0, 1);
        segment.CompressionRatio = (float)(item.NumberOf("compression_ratio") ?? 0);
        segment.Temperature = (float)(item.NumberOf("temperature") ?? 0);
        segment.Tokens.AddRange(item.Member("tokens").Items()
            .Select(token => token.Number())
            .Where(token => token is >= 0 and <= int.MaxValue)
            .Take(MaxTokens)
            .Select(token => (int)token!.Value));
        if (item.NumberOf("channel") is >= 0 and < 64 and var channel)
        {
            segment.Channel = (int)channel;
        }

        segment.Verdict = Given(item) ?? (logprob is null ? SegmentVerdict.Unspecified
            : segment.CompressionRatio > RepeatsAbove ? SegmentVerdict.SuspectedLoop
            : logprob >= DoubtfulBelow ? SegmentVerdict.Ok
            : segment.NoSpeechProbability > SilentAbove ? SegmentVerdict.SuspectedSilence
            : SegmentVerdict.LowConfidence);
        return segment;
    }

    private static SegmentVerdict? Given(JsonElement item) =>
        item.Member("whispermesh")?.TextOf("verdict") is { } name
            ? SegmentJudgement.Names.Where(pair => pair.Value == name).Select(pair => (SegmentVerdict?)pair.Key).FirstOrDefault()
            : null;
}
