using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Live;

/// <summary>Runs the model over open windows, and counts what that takes.</summary>
internal sealed class LivePasses(WhisperModel model, TranscriptionRequest request)
{
    // Committed words are read as the text's beginning: fewer steps, and no pass unsays them. With the longest prompt they must fit
    // into a step; more of them are heard anew, which says the same more slowly.
    private const int MostBegun = 72;

    // A third less time than in 10 s, and as good (see README.md); a loop that it makes is not believed.
    private const double LeastYoungSeconds = 6;

    // More than the tail of the last word, whose end the model may put early.
    private const long LeastUnheard = LogMel.SampleRateHz * 7 / 10;

    private readonly WindowRecognizer _recognizer = new(model, request, trace: null);
    private readonly QualityJudge _judge = new(request.Thresholds);
    private long _count;

    /// <summary>The stream's spans; null where nobody listens.</summary>
    public LiveTrace? Trace { get; } = LiveTrace.Join();

    public long Count => Volatile.Read(ref _count);

    /// <summary>Time that the model took.</summary>
    public TimeSpan Decoding => _recognizer.Clock.Features + _recognizer.Clock.Encoding + _recognizer.Clock.Decoding;

    public IReadOnlyList<string> Warnings => _recognizer.Warnings;

    public async Task<Hypothesis> RunAsync(PassWindow pass, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        using var span = Trace?.StartPass(pass);
        var (parts, words) = (new List<RecognizedWindow>(), new List<HeardWord>());
        var segments = new SegmentFactory(model, request.Translate, request.Thresholds);
        await HearAsync(pass, pass.Start, pass.Begun).ConfigureAwait(false);
        // Text that ends a sentence is often all that the model goes on to write, though more was said: that is heard by itself.
        var end = words.Count > 0 ? words[^1].End : pass.Begun.Count > 0 ? pass.Begun[^1].End : long.MaxValue;
        if (pass.Begun.Count > 0 && pass.VoiceAfter(end) >= LeastUnheard)
        {
            await HearAsync(pass, end, []).ConfigureAwait(false);
        }
        var voice = LiveTime.Of(pass.VoiceAfter(pass.Start));
        return new Hypothesis
        {
            Words = words,
            End = pass.End,
            Language = parts[0].Language,
            Heard = parts[0].Heard,
            Voice = voice,
            NoSpeechProbability = parts[^1].Text.Text.NoSpeechProbability,
            Temperature = parts.Max(part => part.Text.Temperature),
            IsDoubtful = parts.Any(part => _judge.IsRejected(part.Text)) || SaidTwice.IsIn(words, voice),
        };

        async Task HearAsync(PassWindow from, long start, IReadOnlyList<HeardWord> begun)
        {
            var window = new SpeechWindow([new SpeechPiece(start, from.Sound[(int)(start - from.Start)..], Voiced: from.VoiceAfter(start))]);
            var heard = await _recognizer.RecognizeAsync(
                window, from.Language, model.Tokenizer.Encode(from.Context), cancellationToken, Hearing(from, begun) with { Span = span }).ConfigureAwait(false);
            parts.AddRange(heard);
            foreach (var part in heard)
            {
                foreach (var segment in segments.Make(part.Window, part.Text, part.Language, part.Heard, window.VoicedSeconds))
                {
                    AddWords(segment, words);
                }
            }
        }
    }

    private WindowHearing Hearing(PassWindow pass, IReadOnlyList<HeardWord> begun)
    {
        int[] tokens = [.. begun.SelectMany(word => word.Tokens)];
        // After a full stop that came too early the model likes to begin the sentence again; it may set the mark anew.
        var count = tokens.Length;
        while (count > 0 && !model.Tokenizer.Decode([tokens[count - 1]]).Any(char.IsLetterOrDigit))
        {
            count--;
        }
        var isBegun = count <= MostBegun;
        return new WindowHearing
        {
            Once = !pass.IsLast,
            Begun = isBegun ? tokens[..count] : [],
            BegunLogProbabilities = isBegun ? [.. begun.SelectMany(word => word.LogProbabilities).Take(count)] : [],
            LeastSeconds = pass.IsYoung ? LeastYoungSeconds : WindowAudio.LeastSeconds,
        };
    }

    private static void AddWords(TranscriptSegment segment, List<HeardWord> words)
    {
        var at = 0;
        foreach (var word in segment.Words ?? [])
        {
            var tokens = new Range(at, Math.Min(at + word.TokenCount, segment.Tokens.Count));
            words.Add(new HeardWord(word.Text, LiveTime.Samples(word.Start), LiveTime.Samples(word.Start + word.Duration), word.Probability)
            {
                Tokens = [.. segment.Tokens.Take(tokens)],
                LogProbabilities = [.. segment.LogProbabilities.Take(tokens)],
            });
            at = tokens.End.Value;
        }
    }
}
