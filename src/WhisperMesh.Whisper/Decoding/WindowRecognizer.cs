using System.Diagnostics;
using WhisperMesh.Whisper.Alignment;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Telemetry;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Recognises the windows of one request, one or several at a time: it holds no state of a window.</summary>
/// <param name="model">The model.</param>
/// <param name="request">What is asked for.</param>
/// <param name="trace">Has a span for each window; null where nobody listens, or windows bring spans of their own.</param>
internal sealed class WindowRecognizer(WhisperModel model, TranscriptionRequest request, RequestTrace? trace)
{
    // One caption's worth is one segment: it needs no timestamps, and without them the model writes better words (34 errors
    // against 36 in the 452 words of our recordings) in two steps less. Longer windows lose nothing by them.
    private const double OneSegmentSeconds = 8;

    // A window holds no more sentences that one can end on.
    private const int MostParts = 8;

    private readonly QualityJudge _judge = new(request.Thresholds);
    private readonly PromptBuilder _prompt = new(model, request);

    public RequestClock Clock { get; } = new();

    public RequestTrace? Trace => trace;

    /// <summary>What of the request could not be honoured as asked.</summary>
    public IReadOnlyList<string> Warnings => _prompt.Warnings();

    /// <summary>Recognises a window, in one part unless the model leaves out its end.</summary>
    /// <param name="window">What to hear.</param>
    /// <param name="language">Language of the speech; null to detect it.</param>
    /// <param name="carried">Tokens of the text before.</param>
    /// <param name="cancellationToken">Takes the window out of the batch before the next step.</param>
    /// <param name="hearing">How it is heard; null as recordings are.</param>
    public async Task<IReadOnlyList<RecognizedWindow>> RecognizeAsync(
        SpeechWindow window, string? language, int[] carried, CancellationToken cancellationToken, WindowHearing? hearing = null)
    {
        hearing ??= new WindowHearing();
        var parts = new List<RecognizedWindow>();
        for (SpeechWindow? rest = window; rest is not null && parts.Count < MostParts;)
        {
            var part = await RecognizePartAsync(rest, language, carried, hearing, cancellationToken).ConfigureAwait(false);
            parts.Add(part);
            language = part.Language;
            rest = !_judge.IsSilence(part.Text) && UnheardRest.Find(rest, part.Text.Text, model.Control) is { } end ? rest.From(end) : null;
        }
        return parts;
    }

    private async Task<RecognizedWindow> RecognizePartAsync(
        SpeechWindow window, string? language, int[] carried, WindowHearing hearing, CancellationToken cancellationToken)
    {
        using var own = hearing.Span is null ? trace?.StartWindow(window) : null;
        var span = hearing.Span ?? own;
        using var audio = new WindowAudio(model, window, request.Class, Clock, hearing.LeastSeconds, span);
        var ladder = new DecodingLadder(request.Temperature, _judge);
        IReadOnlyList<LanguageProbability> heard = [];
        RecognizedText? last = null;
        while (ladder.Next(last) is { } attempt)
        {
            if (ladder.Why is { } why)
            {
                Clock.AddFallback(why);
                span?.Fell(why, attempt.Temperature);
            }
            var program = new DecodeProgram(Plan(window, language, carried, hearing, attempt.Temperature), model.Control);
            await audio.RunAsync(program, attempt.FullWindow, cancellationToken).ConfigureAwait(false);
            language = program.Language;
            // The first hearing counts: detection has chosen the language by it.
            heard = heard.Count == 0 ? program.Heard : heard;
            last = Recognized(hearing.Whole(program.Result), attempt.Temperature);
            if (hearing.Once)
            {
                break;
            }
        }
        var best = hearing.Once ? last! : ladder.Best;
        if (request.WordTimestamps && !_judge.IsSilence(best))
        {
            var begin = Stopwatch.GetTimestamp();
            best = best with { TokenTimes = await AlignAsync(audio, window, best.Text, language!, cancellationToken).ConfigureAwait(false) };
            span?.Aligned(begin);
        }
        Clock.AddWindow();
        var recognized = new RecognizedWindow(window, best, language!, heard);
        span?.Heard(recognized);
        return recognized;
    }

    private DecodePlan Plan(SpeechWindow window, string? language, int[] carried, WindowHearing hearing, float temperature)
    {
        // Any language will do: only what stands before it is of use here.
        var (tokens, start) = _prompt.Build(language ?? model.Languages[0], carried);
        var positions = model.Decoder.Dimensions.TextPositions;
        return new DecodePlan
        {
            Previous = [.. tokens.Take(start)],
            Mode = _prompt.Mode,
            Language = language,
            AllowedLanguages = request.AllowedLanguages,
            Begun = hearing.Begun,
            MaxTokens = Math.Min(Math.Min(positions / 2, positions - tokens.Count) - hearing.Begun.Length, LoopCheck.MaxTokens(window.Seconds)),
            Timestamps = window.Seconds > OneSegmentSeconds && hearing.Begun.Length == 0,
            Temperature = temperature,
            Seed = request.Seed,
            BeamSize = request.BeamSize,
            BestOf = request.BestOf,
        };
    }

    private RecognizedText Recognized(DecodedText text, float temperature) =>
        new(text, LoopCheck.CompressionRatio(model.Tokenizer.Decode([.. text.Tokens])), temperature);

    private async Task<double[]> AlignAsync(
        WindowAudio audio, SpeechWindow window, DecodedText text, string language, CancellationToken cancellationToken)
    {
        var task = new AlignmentTask(text.Tokens, language, _prompt.Mode, window.Samples.Length);
        var tokens = TokenAligner.Tokens(task, model.Control);
        var program = new AlignProgram(tokens, model.Decoder.AlignmentHeads);
        await audio.RunAsync(program, full: false, cancellationToken).ConfigureAwait(false);
        var begin = Stopwatch.GetTimestamp();
        var times = TokenAligner.Times(program.Scores!, task, model.Control);
        Clock.AddAlignment(Stopwatch.GetElapsedTime(begin));
        return times;
    }
}

/// <summary>What became of a window.</summary>
/// <param name="Window">What was heard.</param>
/// <param name="Text">What was understood.</param>
/// <param name="Language">As what it was decoded.</param>
/// <param name="Heard">The languages it sounds like, likeliest first.</param>
internal sealed record RecognizedWindow(
    SpeechWindow Window, RecognizedText Text, string Language, IReadOnlyList<LanguageProbability> Heard);

/// <summary>A decoding and the scores of the whole window.</summary>
internal sealed record RecognizedText(DecodedText Text, float CompressionRatio, float Temperature)
{
    /// <summary>Seconds in the window at which each token of text begins and, last, where the text ends; null unless asked for.</summary>
    public double[]? TokenTimes { get; init; }
}
