using WhisperMesh.Whisper.Features;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Finds where in a window each token of its text is spoken, from where the model looks while it reads the text once more.</summary>
internal static class TokenAligner
{
    private const int SamplesPerPosition = 2 * LogMel.Hop;
    private const double SecondsPerPosition = (double)SamplesPerPosition / LogMel.SampleRateHz;

    /// <summary>What the model is to read.</summary>
    public static int[] Tokens(AlignmentTask task, ControlTokens control) =>
        [control.StartOfTranscript, control.Languages[task.Language], task.Mode, control.NoTimestamps, .. Text(task, control)];

    /// <summary>
    /// Seconds in the window at which each of the text's tokens (timestamps left out) begins, and after them where the last one ends.
    /// </summary>
    public static double[] Times(AlignmentScores scores, AlignmentTask task, ControlTokens control)
    {
        var heard = Math.Clamp((task.Samples + SamplesPerPosition - 1) / SamplesPerPosition, 1, scores.Positions);
        var cost = AttentionCost.Compute(scores.Values, scores.Heads, scores.Tokens, scores.Positions, heard);
        // The row of a token tells where the model looks to find the next one; the last tells where it finds the end.
        var rows = Text(task, control).Count() + 1;
        return [.. TimeWarping.FirstColumns(cost.AsSpan(^(rows * heard)..), rows, heard).Select(column => column * SecondsPerPosition)];
    }

    private static IEnumerable<int> Text(AlignmentTask task, ControlTokens control) => task.Tokens.Where(control.IsText);
}

/// <summary>What is to be aligned.</summary>
/// <param name="Tokens">The decoded text.</param>
/// <param name="Language">Its language.</param>
/// <param name="Mode">The token of the task.</param>
/// <param name="Samples">Length of the window's audio.</param>
internal sealed record AlignmentTask(IReadOnlyList<int> Tokens, string Language, int Mode, int Samples);
