using WhisperMesh.Whisper.Decoding;
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

    private readonly WindowRecognizer _recognizer = new(model, request);
    private readonly QualityJudge _judge = new(request.Thresholds);
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Time that the model took.</summary>
    public TimeSpan Decoding => _recognizer.Clock.Features + _recognizer.Clock.Encoding + _recognizer.Clock.Decoding;

    public IReadOnlyList<string> Warnings => _recognizer.Warnings;

    public async Task<Hypothesis> RunAsync(PassWindow pass, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        var window = new SpeechWindow([new SpeechPiece(pass.Start, pass.Sound, Voiced: pass.Voiced)]);
        var parts = await _recognizer.RecognizeAsync(
            window, pass.Language, model.Tokenizer.Encode(pass.Context), cancellationToken, Hearing(pass)).ConfigureAwait(false);
        var segments = new SegmentFactory(model, request.Translate, request.Thresholds);
        var words = new List<HeardWord>();
        foreach (var part in parts)
        {
            foreach (var segment in segments.Make(part.Window, part.Text, part.Language, part.Heard, window.VoicedSeconds))
            {
                AddWords(segment, words);
            }
        }
        return new Hypothesis
        {
            Words = words,
            End = pass.Start + pass.Sound.Length,
            Language = parts[0].Language,
            Heard = parts[0].Heard,
            Voice = TimeSpan.FromSeconds(window.VoicedSeconds),
            NoSpeechProbability = parts[^1].Text.Text.NoSpeechProbability,
            Temperature = parts.Max(part => part.Text.Temperature),
            IsDoubtful = parts.Any(part => _judge.IsRejected(part.Text)),
        };
    }

    private static WindowHearing Hearing(PassWindow pass)
    {
        var isBegun = pass.Begun.Sum(word => word.Tokens.Count) <= MostBegun;
        return new WindowHearing
        {
            Once = !pass.IsLast,
            Begun = isBegun ? [.. pass.Begun.SelectMany(word => word.Tokens)] : [],
            BegunLogProbabilities = isBegun ? [.. pass.Begun.SelectMany(word => word.LogProbabilities)] : [],
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

/// <summary>What a pass is to hear.</summary>
/// <param name="Start">Place on the stream.</param>
/// <param name="Sound">The audio.</param>
/// <param name="Voiced">Samples of it that are voice.</param>
/// <param name="Language">Language of the speech; null to detect it.</param>
/// <param name="Context">Text before it.</param>
/// <param name="IsLast">Whether no other pass will hear this audio: doubtful text is then tried again.</param>
/// <param name="Begun">Its words that are committed.</param>
/// <param name="IsYoung">Whether somebody still speaks, so that another pass will hear it soon: then quickly is better than well.</param>
internal sealed record PassWindow(
    long Start, float[] Sound, long Voiced, string? Language, string Context, bool IsLast, IReadOnlyList<HeardWord> Begun, bool IsYoung);
