using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Model.Graph;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Alignment;

/// <summary>Reads a text once more, in one step, to see where in the window the model looks for each token.</summary>
internal sealed class AlignProgram(int[] tokens, IReadOnlyList<AlignmentHead> heads) : RowProgram
{
    /// <summary>What was seen, once the program is over.</summary>
    public AlignmentScores? Scores { get; private set; }

    public override Stage Reads => Stage.Alignment;

    public override Reading Begin(CrossMemory audio)
    {
        Scores = new AlignmentScores(heads, tokens.Length, audio.Positions);
        return new Reading(tokens, [0], Scores);
    }

    public override Reading? Advance(LogitRows logits, List<RowStep> next) => null;
}
