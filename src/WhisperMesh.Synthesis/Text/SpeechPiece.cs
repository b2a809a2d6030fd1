namespace WhisperMesh.Synthesis.Text;

/// <summary>What follows a piece of text, and with it how long the voice rests.</summary>
internal enum PieceEnd
{
    /// <summary>A cut between words, made only because a sentence is too long.</summary>
    Cut,

    /// <summary>A comma, semicolon, colon or dash inside a sentence that is too long.</summary>
    Clause,

    /// <summary>The end of a sentence.</summary>
    Sentence,

    /// <summary>The end of a paragraph or of a list item.</summary>
    Paragraph,
}

/// <summary>A piece of text that is spoken in one breath.</summary>
/// <param name="Text">Trimmed, never empty.</param>
/// <param name="End">What follows it.</param>
internal readonly record struct SpeechPiece(string Text, PieceEnd End);
