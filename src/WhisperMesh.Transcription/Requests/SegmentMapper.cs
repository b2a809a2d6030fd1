using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Whisper;
using EngineSegment = WhisperMesh.Whisper.TranscriptSegment;
using EngineVerdict = WhisperMesh.Whisper.SegmentVerdict;
using SegmentVerdict = WhisperMesh.Speech.V1.SegmentVerdict;
using TranscriptSegment = WhisperMesh.Speech.V1.TranscriptSegment;
using TranscriptWord = WhisperMesh.Speech.V1.TranscriptWord;

namespace WhisperMesh.Transcription.Requests;

internal static class SegmentMapper
{
    /// <param name="segment">The engine's segment.</param>
    /// <param name="speller">The model that spells the tokens, when they are asked for.</param>
    public static TranscriptSegment Map(EngineSegment segment, WhisperModel? speller)
    {
        var mapped = new TranscriptSegment
        {
            Index = segment.Index,
            StartOffset = segment.Start.ToDuration(),
            SegmentDuration = segment.Duration.ToDuration(),
            Text = segment.Text.Trim(),
            LanguageCode = segment.Language,
            Confidence = MathF.Min(1, MathF.Exp(segment.AverageLogProbability)),
            AverageLogProbability = segment.AverageLogProbability,
            NoSpeechProbability = segment.NoSpeechProbability,
            CompressionRatio = segment.CompressionRatio,
            Temperature = segment.Temperature,
            Verdict = VerdictOf(segment.Verdict),
        };
        if (segment.Channel is { } channel)
        {
            mapped.Channel = channel;
        }

        mapped.Tokens.Add(segment.Tokens);
        mapped.TokenLogProbabilities.Add(segment.LogProbabilities);
        if (speller is not null)
        {
            mapped.TokenBytes.Add(segment.Tokens.Select(token => ByteString.CopyFrom(speller.TokenBytes(token))));
        }

        foreach (var word in segment.Words ?? [])
        {
            mapped.Words.Add(new TranscriptWord
            {
                StartOffset = word.Start.ToDuration(),
                WordDuration = word.Duration.ToDuration(),
                Text = word.Text.Trim(),
                Confidence = word.Probability,
            });
        }

        return mapped;
    }

    private static SegmentVerdict VerdictOf(EngineVerdict verdict) => verdict switch
    {
        EngineVerdict.Ok => SegmentVerdict.Ok,
        EngineVerdict.SuspectedSilence => SegmentVerdict.SuspectedSilence,
        EngineVerdict.SuspectedLoop => SegmentVerdict.SuspectedLoop,
        EngineVerdict.LowConfidence => SegmentVerdict.LowConfidence,
        EngineVerdict.LanguageMismatch => SegmentVerdict.LanguageMismatch,
        _ => SegmentVerdict.Unspecified,
    };
}
