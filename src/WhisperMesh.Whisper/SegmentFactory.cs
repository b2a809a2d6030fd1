using WhisperMesh.Whisper.Alignment;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>Makes a request's segments out of decoded windows, on the stream's own time line. Silence gives none.</summary>
/// <param name="model">Spells the tokens.</param>
/// <param name="translated">Whether the text is English, whatever was spoken.</param>
/// <param name="thresholds">What is taken for silence or doubted; null for the defaults.</param>
/// <param name="channel">Channel of the audio; null where channels are mixed.</param>
internal sealed class SegmentFactory(
    WhisperModel model, bool translated, DecodingThresholds? thresholds = null, int? channel = null)
{
    private readonly QualityJudge _judge = new(thresholds ?? new DecodingThresholds());
    private int _count;
    private long _lastEnd;

    /// <param name="window">What was heard.</param>
    /// <param name="recognized">What was understood.</param>
    /// <param name="language">As what it was decoded.</param>
    /// <param name="heard">The languages that the window sounds like, if that is known.</param>
    /// <param name="voicedSeconds">How much voice there is in the window, if that is known.</param>
    public IEnumerable<TranscriptSegment> Make(
        SpeechWindow window,
        RecognizedText recognized,
        string language,
        IReadOnlyList<LanguageProbability>? heard = null,
        double? voicedSeconds = null)
    {
        if (_judge.IsSilence(recognized))
        {
            yield break;
        }
        var decoded = recognized.Text;
        var before = 0;
        foreach (var range in SegmentSplitter.Split(decoded.Tokens, window.Seconds, model.Control))
        {
            int[] tokens = [.. decoded.Tokens.Skip(range.First).Take(range.End - range.First)];
            float[] logProbabilities = [.. decoded.LogProbabilities.Skip(range.First).Take(tokens.Length)];
            var firstTime = before;
            before += tokens.Length;
            var evidence = new SegmentEvidence(
                model.Tokenizer.Decode(tokens), logProbabilities.Average(), decoded.NoSpeechProbability, language, voicedSeconds, heard);
            if (string.IsNullOrWhiteSpace(evidence.Text) || _judge.IsMadeUp(evidence))
            {
                continue;
            }
            var start = Math.Max(window.StreamStartOf(range.StartSeconds), _lastEnd);
            var end = Math.Max(window.StreamEndOf(range.EndSeconds), start);
            _lastEnd = end;
            yield return new TranscriptSegment
            {
                Index = _count++,
                Start = Time(start),
                Duration = Time(end) - Time(start),
                Text = evidence.Text,
                Tokens = tokens,
                LogProbabilities = logProbabilities,
                AverageLogProbability = evidence.AverageLogProbability,
                NoSpeechProbability = decoded.NoSpeechProbability,
                CompressionRatio = recognized.CompressionRatio,
                Temperature = recognized.Temperature,
                Language = language,
                Verdict = _judge.Judge(recognized, evidence),
                Channel = channel,
                Words = recognized.TokenTimes is { } times
                    ? WordFactory.Make(
                        tokens, logProbabilities, times.AsSpan(firstTime, tokens.Length + 1),
                        translated ? "en" : language, model.Tokenizer, window, (start, end))
                    : null,
            };
        }
    }

    internal static TimeSpan Time(long samples) => TimeSpan.FromSeconds((double)samples / LogMel.SampleRateHz);
}
