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
/// <param name="skipped">Samples before the first one that windows count.</param>
internal sealed class SegmentFactory(
    WhisperModel model, bool translated, DecodingThresholds? thresholds = null, int? channel = null, long skipped = 0)
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
        var pauses = new Pauses(window.Samples);
        List<TokenRange> ranges = [.. SegmentSplitter.Split(decoded.Tokens, window.Seconds, model.Control)];
        var words = Words(recognized, ranges, pauses, translated ? "en" : language);
        var (wordCount, before) = (0, 0);
        foreach (var (index, range) in ranges.Index())
        {
            int[] tokens = [.. decoded.Tokens.Skip(range.First).Take(range.End - range.First)];
            float[] logProbabilities = [.. decoded.LogProbabilities.Skip(range.First).Take(tokens.Length)];
            var firstWord = wordCount;
            before += tokens.Length;
            while (words is not null && wordCount < words.Count && words[wordCount].End <= before)
            {
                wordCount++;
            }
            var own = words?.Take(firstWord..wordCount).ToList();
            var evidence = new SegmentEvidence(
                model.Tokenizer.Decode(tokens), logProbabilities.Average(), decoded.NoSpeechProbability, language, voicedSeconds, heard);
            if (string.IsNullOrWhiteSpace(evidence.Text) || _judge.IsMadeUp(evidence))
            {
                continue;
            }
            var (from, to) = own is { Count: > 0 }
                ? (own[0].StartSeconds, own[^1].EndSeconds)
                : Between(ranges, index, pauses);
            var start = Math.Max(window.StreamStartOf(from), _lastEnd);
            var end = Math.Max(window.StreamEndOf(to), start);
            _lastEnd = end;
            yield return new TranscriptSegment
            {
                Index = _count++,
                Start = Time(skipped + start),
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
                Words = own?.Select(word => OnStream(word, window, start, end)).ToList(),
            };
        }
    }

    private IReadOnlyList<PlacedWord>? Words(RecognizedText recognized, List<TokenRange> ranges, Pauses pauses, string language)
    {
        if (recognized.TokenTimes is not { } times)
        {
            return null;
        }
        var tokens = new List<int>();
        var logProbabilities = new List<float>();
        var starts = new Dictionary<int, double>();
        foreach (var range in ranges)
        {
            starts[tokens.Count] = range.StartSeconds;
            for (var i = range.First; i < range.End; i++)
            {
                tokens.Add(recognized.Text.Tokens[i]);
                logProbabilities.Add(recognized.Text.LogProbabilities[i]);
            }
        }
        return WordFactory.Make([.. tokens], [.. logProbabilities], times, starts, language, model.Tokenizer, pauses);
    }

    /// <summary>The model's own times, moved to the pauses near them.</summary>
    private static (double Start, double End) Between(List<TokenRange> ranges, int index, Pauses pauses)
    {
        var own = (ranges[index].StartSeconds, ranges[index].EndSeconds);
        var before = index == 0 ? (double.NegativeInfinity, 0) : (ranges[index - 1].StartSeconds, ranges[index - 1].EndSeconds);
        var after = index == ranges.Count - 1
            ? (own.EndSeconds, double.PositiveInfinity)
            : (ranges[index + 1].StartSeconds, ranges[index + 1].EndSeconds);
        var start = pauses.Between(before, own)?.End ?? own.StartSeconds;
        var end = pauses.Between(own, after)?.Start ?? own.EndSeconds;
        return start < end ? (start, end) : own;
    }

    private TranscriptWord OnStream(PlacedWord word, SpeechWindow window, long segmentStart, long segmentEnd)
    {
        var start = Math.Clamp(window.StreamStartOf(word.StartSeconds), segmentStart, segmentEnd);
        var end = Math.Clamp(window.StreamEndOf(word.EndSeconds), start, segmentEnd);
        return new TranscriptWord(word.Text, Time(skipped + start), Time(end) - Time(start), word.Probability)
        {
            TokenCount = word.End - word.First,
        };
    }

    internal static TimeSpan Time(long samples) => TimeSpan.FromSeconds((double)samples / LogMel.SampleRateHz);
}
