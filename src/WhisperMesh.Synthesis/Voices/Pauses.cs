using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Voices;

/// <summary>How long the voice rests between pieces, beside the silence that it makes itself.</summary>
internal static class Pauses
{
    public static TimeSpan After(PieceEnd end, float speed) => TimeSpan.FromMilliseconds(end switch
    {
        PieceEnd.Paragraph => 450,
        PieceEnd.Sentence => 200,
        PieceEnd.Clause => 60,
        _ => 0,
    }) / speed;
}
