using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;

namespace WhisperMesh.Whisper.Scheduling;

/// <summary>
/// What a window's rows do from step to step. Called by the scheduler's thread only, between steps, so it must be quick.
/// </summary>
internal abstract class RowProgram
{
    /// <summary>Most rows that it uses at once.</summary>
    public virtual int MaxRows => 1;

    /// <summary>What its next <see cref="Reading"/> is for.</summary>
    public virtual Stage Reads => Stage.Prefill;

    /// <summary>What the first row reads.</summary>
    public abstract Reading Begin(CrossMemory audio);

    /// <summary>
    /// Goes on after a step. A reading: the one row reads on. Rows in <paramref name="next"/>: they take part in the next step.
    /// Neither: the program is over.
    /// </summary>
    public abstract Reading? Advance(LogitRows logits, List<RowStep> next);
}

/// <summary>Tokens that a row reads in one step.</summary>
/// <param name="Tokens">The tokens, at least one.</param>
/// <param name="LogitsAt">After which of them logits are wanted, at least one.</param>
/// <param name="Scores">Takes down where the alignment heads look; null when nobody asks.</param>
internal sealed record Reading(int[] Tokens, int[] LogitsAt, AlignmentScores? Scores = null);
