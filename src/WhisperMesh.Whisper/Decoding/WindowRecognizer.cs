using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Alignment;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Recognises one window after another of one request; holds the request's memory, so it is not thread-safe.</summary>
internal sealed class WindowRecognizer(WhisperModel model, TranscriptionRequest request)
{
    /// <summary>A window much shorter than 10 s makes the model loop, and silence after the speech lets it end.</summary>
    private const int MinFrames = 10 * LogMel.FramesPerSecond;
    private const int SilenceFrames = 2 * LogMel.FramesPerSecond;

    private readonly QualityJudge _judge = new(request.Thresholds);
    private readonly LogMel _features = new();
    private readonly SequenceDecoder _decoder = new(model.Decoder, model.Control);
    private readonly PromptBuilder _prompt = new(model, request);
    private readonly float[] _mel = GC.AllocateUninitializedArray<float>(MelFilters.Count * LogMel.MaxFrames, pinned: true);

    public RecognizerClock Clock { get; } = new();

    /// <summary>The language given, or found by <see cref="Recognize"/>.</summary>
    public string? Language { get; private set; } = request.Language;

    /// <summary>Probabilities of the languages once one had to be detected.</summary>
    public IReadOnlyList<LanguageProbability>? Detected { get; private set; }

    /// <summary>The text of the window, or null when there is none worth keeping.</summary>
    public RecognizedText? Recognize(SpeechWindow window, RunOptions run, CancellationToken cancellationToken)
    {
        var ladder = new DecodingLadder(request.Temperature, _judge);
        RecognizedText? last = null;
        while (ladder.Next(last) is { } attempt)
        {
            last = Try(
                window, attempt.FullWindow ? LogMel.MaxFrames : ShortFrames(window), attempt.Temperature, run, cancellationToken);
        }
        return _judge.IsSilence(ladder.Best) ? null : ladder.Best;
    }

    private static int ShortFrames(SpeechWindow window)
    {
        var frames = (window.Samples.Length + LogMel.Hop - 1) / LogMel.Hop + SilenceFrames;
        return Math.Clamp((frames + 1) & ~1, MinFrames, LogMel.MaxFrames);
    }

    private RecognizedText Try(
        SpeechWindow window, int frames, float temperature, RunOptions run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var encoded = Encode(window, frames, run);
        var started = Stopwatch.GetTimestamp();
        Language ??= Detect(encoded, run);
        var (tokens, start) = _prompt.Build(Language);
        var room = model.Decoder.Dimensions.TextPositions - tokens.Count;
        var maxTokens = Math.Min(Math.Min(model.Decoder.Dimensions.TextPositions / 2, room), LoopCheck.MaxTokens(window.Seconds));
        var task = new DecodingTask(tokens, start, encoded.Positions, maxTokens, temperature, request.Seed);
        var text = _decoder.Decode(encoded, task, run, cancellationToken);
        var words = model.Tokenizer.Decode([.. text.Tokens]);
        var recognized = new RecognizedText(text, LoopCheck.CompressionRatio(words), temperature)
        {
            TokenTimes = request.WordTimestamps
                ? TokenAligner.Align(
                    model, _decoder, encoded, new AlignmentTask(text.Tokens, Language, _prompt.Mode, window.Samples.Length), run)
                : null,
        };
        Clock.Decoding += Stopwatch.GetElapsedTime(started);
        return recognized;
    }

    private EncodedWindow Encode(SpeechWindow window, int frames, RunOptions run)
    {
        var started = Stopwatch.GetTimestamp();
        var mel = _mel.AsMemory(0, MelFilters.Count * frames);
        _features.Compute(window.Samples, frames, mel.Span);
        Clock.Features += Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        var encoded = model.Encoder.Encode(mel, frames, run);
        Clock.Encoding += Stopwatch.GetElapsedTime(started);
        return encoded;
    }

    private string Detect(EncodedWindow encoded, RunOptions run)
    {
        Detected = LanguageDetector.Probabilities(_decoder.Start(encoded, run), model.Control, request.AllowedLanguages);
        return Detected[0].Language;
    }
}

/// <summary>Where the time of a request went.</summary>
internal sealed class RecognizerClock
{
    public TimeSpan Features { get; set; }
    public TimeSpan Encoding { get; set; }
    public TimeSpan Decoding { get; set; }
}

/// <summary>A decoding and the scores of the whole window.</summary>
internal sealed record RecognizedText(DecodedText Text, float CompressionRatio, float Temperature)
{
    /// <summary>Seconds in the window at which each token of text begins and, last, where the text ends; null unless asked for.</summary>
    public double[]? TokenTimes { get; init; }
}
