using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Finds where in a window each token of its text is spoken, by reading the text once more and watching where the model looks.</summary>
internal static class TokenAligner
{
    private const int SamplesPerPosition = 2 * LogMel.Hop;
    private const double SecondsPerPosition = (double)SamplesPerPosition / LogMel.SampleRateHz;

    /// <summary>
    /// Seconds in the window at which each of the text's tokens (timestamps left out) begins, and after them where the last one ends.
    /// </summary>
    public static double[] Align(
        WhisperModel model, SequenceDecoder decoder, EncodedWindow window, AlignmentTask task, RunOptions run)
    {
        var control = model.Control;
        int[] prompt = [control.StartOfTranscript, control.Languages[task.Language], task.Mode, control.NoTimestamps];
        int[] text = [.. task.Tokens.Where(control.IsText)];
        // The row of a token tells where the model looks to find the next one; the last tells where it finds the end.
        int[] tokens = [.. prompt, .. text];
        var scores = new float[Decoder.AlignmentHeads * tokens.Length * window.Positions];
        decoder.Read(window, tokens, scores, run);
        return Times(scores, tokens.Length, window.Positions, task.Samples, text.Length);
    }

    /// <summary>The same from the scores of such a pass; needs no model.</summary>
    /// <param name="scores">[<see cref="Decoder.AlignmentHeads"/>, tokens, positions], before softmax; used as work space.</param>
    /// <param name="tokens">All tokens of the pass, prompt and text.</param>
    /// <param name="positions">Positions that a row holds.</param>
    /// <param name="samples">Length of the window's audio.</param>
    /// <param name="textTokens">The last of the tokens, which are the text.</param>
    public static double[] Times(Span<float> scores, int tokens, int positions, int samples, int textTokens)
    {
        var heard = Math.Clamp((samples + SamplesPerPosition - 1) / SamplesPerPosition, 1, positions);
        var cost = AttentionCost.Compute(scores, Decoder.AlignmentHeads, tokens, positions, heard);
        var rows = textTokens + 1;
        return [.. TimeWarping.FirstColumns(cost.AsSpan(^(rows * heard)..), rows, heard).Select(column => column * SecondsPerPosition)];
    }
}

/// <summary>What is to be aligned.</summary>
/// <param name="Tokens">The decoded text.</param>
/// <param name="Language">Its language.</param>
/// <param name="Mode">The token of the task.</param>
/// <param name="Samples">Length of the window's audio.</param>
internal sealed record AlignmentTask(IReadOnlyList<int> Tokens, string Language, int Mode, int Samples);
