using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;
using EngineSegment = WhisperMesh.Whisper.TranscriptSegment;

namespace WhisperMesh.Transcription.Requests;

internal static class SegmentMapper
{
    public static TranscriptSegment Map(EngineSegment segment)
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
        };
        mapped.Tokens.Add(segment.Tokens);
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
}
