using WhisperMesh.Whisper.Alignment;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper;

/// <summary>Makes a request's segments out of decoded windows, on the stream's own time line.</summary>
internal sealed class SegmentFactory(WhisperModel model, bool translated)
{
    private int _count;
    private long _lastEnd;

    public IEnumerable<TranscriptSegment> Make(SpeechWindow window, RecognizedText recognized, string language)
    {
        var decoded = recognized.Text;
        var before = 0;
        foreach (var range in SegmentSplitter.Split(decoded.Tokens, window.Seconds, model.Control))
        {
            int[] tokens = [.. decoded.Tokens.Skip(range.First).Take(range.End - range.First)];
            var text = model.Tokenizer.Decode(tokens);
            var firstTime = before;
            before += tokens.Length;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }
            var start = Math.Max(window.StreamStartOf(range.StartSeconds), _lastEnd);
            var end = Math.Max(window.StreamEndOf(range.EndSeconds), start);
            _lastEnd = end;
            float[] logProbabilities = [.. decoded.LogProbabilities.Skip(range.First).Take(tokens.Length)];
            yield return new TranscriptSegment
            {
                Index = _count++,
                Start = Time(start),
                Duration = Time(end) - Time(start),
                Text = text,
                Tokens = tokens,
                LogProbabilities = logProbabilities,
                AverageLogProbability = logProbabilities.Average(),
                NoSpeechProbability = decoded.NoSpeechProbability,
                CompressionRatio = recognized.CompressionRatio,
                Temperature = recognized.Temperature,
                Language = language,
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
