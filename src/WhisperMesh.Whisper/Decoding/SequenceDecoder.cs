using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Model;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Runs the decoder for one sequence at a time. Holds a request's own memory: not thread-safe.</summary>
internal sealed class SequenceDecoder(Decoder decoder, ControlTokens control)
{
    private readonly DecoderCache _cache = new(decoder.Dimensions);
    private readonly float[] _logits = GC.AllocateUninitializedArray<float>(2 * decoder.Dimensions.Vocabulary, pinned: true);

    /// <summary>Tokens read so far, the prompt's included.</summary>
    public int Position => _cache.Length;

    /// <summary>Logits right after the start of the transcript, where only language and silence show.</summary>
    public ReadOnlySpan<float> Start(EncodedWindow window, RunOptions run)
    {
        _cache.Clear();
        var row = _logits.AsMemory(0, decoder.Dimensions.Vocabulary);
        decoder.Step(window, _cache, [control.StartOfTranscript], [0], row, default, run);
        return row.Span;
    }

    /// <summary>Reads a text given in one go; fills in the scores [heads, tokens, positions] of the alignment heads.</summary>
    public void Read(EncodedWindow window, int[] tokens, float[] scores, RunOptions run)
    {
        _cache.Clear();
        decoder.Step(window, _cache, tokens, [0], _logits.AsMemory(0, decoder.Dimensions.Vocabulary), scores, run);
    }

    public DecodedText Decode(EncodedWindow window, DecodingTask task, RunOptions run, CancellationToken cancellationToken)
    {
        var vocabulary = decoder.Dimensions.Vocabulary;
        var search = DecodingSearches.Create(task with { BeamSize = 1, BestOf = 1 }, control);
        _cache.Clear();
        decoder.Step(window, _cache, [.. task.Prompt], [task.StartOfTranscript, task.Prompt.Count - 1], _logits, default, run);
        var noSpeech = Logits.Probability(_logits.AsSpan(0, vocabulary), control.NoSpeech);
        var next = new List<RowStep>();
        search.Advance(new LogitRows(_logits.AsSpan(vocabulary), vocabulary), next);
        var row = _logits.AsMemory(0, vocabulary);
        while (next.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            decoder.Step(window, _cache, [next[0].Token], [0], row, default, run);
            next.Clear();
            search.Advance(new LogitRows(row.Span, vocabulary), next);
        }
        return search.Result with { NoSpeechProbability = noSpeech };
    }
}
