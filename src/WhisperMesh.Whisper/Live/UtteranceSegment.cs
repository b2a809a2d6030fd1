using WhisperMesh.Whisper.Decoding;

namespace WhisperMesh.Whisper.Live;

/// <summary>Makes the final segment of an utterance out of its committed words.</summary>
internal sealed class UtteranceSegment(TranscriptionRequest request)
{
    private readonly QualityJudge _judge = new(request.Thresholds);

    public TranscriptSegment Make(OpenUtterance utterance, string language, int firstTimestamp)
    {
        List<HeardWord> words = [.. utterance.Words];
        int[] tokens = [.. words.SelectMany(word => word.Tokens)];
        float[] logProbabilities = [.. words.SelectMany(word => word.LogProbabilities)];
        var text = string.Concat(words.Select(word => word.Text));
        var average = logProbabilities.Length > 0 ? logProbabilities.Average() : 0;
        var noSpeech = utterance.LastPass?.NoSpeechProbability ?? 1;
        var compression = LoopCheck.CompressionRatio(text);
        var decoded = new DecodedText(tokens, logProbabilities, average, noSpeech, EndedByModel: true)
        {
            Repeats = LoopGuard.HasLoop(tokens, firstTimestamp),
        };
        var temperature = utterance.LastPass?.Temperature ?? 0;
        var evidence = new SegmentEvidence(text, average, noSpeech, language, Heard: utterance.LastPass?.Heard);
        var (start, end) = words.Count > 0 ? (words[0].Start, words[^1].End) : (utterance.Start, Math.Max(utterance.Start, utterance.VoiceEnd));
        return new TranscriptSegment
        {
            Index = utterance.Index,
            Start = LiveTime.Of(start),
            Duration = LiveTime.Of(end) - LiveTime.Of(start),
            Text = text,
            Tokens = tokens,
            LogProbabilities = logProbabilities,
            AverageLogProbability = average,
            NoSpeechProbability = noSpeech,
            CompressionRatio = compression,
            Temperature = temperature,
            Language = language,
            Verdict = words.Count == 0
                ? SegmentVerdict.SuspectedSilence
                : _judge.Judge(new RecognizedText(decoded, compression, temperature), evidence),
            Words = [.. words.Select(word => word.OnStream()).Select(word => new TranscriptWord(word.Text, word.Start, word.Duration, word.Probability))],
        };
    }
}
