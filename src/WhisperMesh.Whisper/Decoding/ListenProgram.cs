using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Tokens;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>Learns which language a window is in, and nothing else: one step of one row.</summary>
internal sealed class ListenProgram(ControlTokens control, IReadOnlyList<string> allowed) : RowProgram
{
    /// <summary>Likeliest first.</summary>
    public IReadOnlyList<LanguageProbability> Heard { get; private set; } = [];

    public override Stage Reads => Stage.Language;

    public override Reading Begin(CrossMemory audio) => new([control.StartOfTranscript], [0]);

    public override Reading? Advance(LogitRows logits, List<RowStep> next)
    {
        Heard = LanguageDetector.Probabilities(logits[0], control, allowed);
        return null;
    }
}
