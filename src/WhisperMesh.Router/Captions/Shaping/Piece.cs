namespace WhisperMesh.Router.Captions.Shaping;

/// <summary>How a piece stands to the one before it.</summary>
internal enum PieceJoin
{
    /// <summary>A space is between them.</summary>
    Space,

    /// <summary>Words of a script without spaces.</summary>
    Word,

    /// <summary>Inside a word of a script without spaces, which may break at any character.</summary>
    Inner,

    /// <summary>Inside a word that is longer than a line.</summary>
    Split,

    /// <summary>No break belongs here, such as before a comma.</summary>
    Glued,
}

/// <summary>Text that is never broken.</summary>
/// <param name="Text">Without spaces.</param>
/// <param name="Width">Its <see cref="TextWidth"/>; never more than a line, but for a single character.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="Join">How it stands to the piece before it.</param>
internal readonly record struct Piece(string Text, int Width, TimeSpan Start, TimeSpan End, PieceJoin Join)
{
    /// <summary>Width with the space before it.</summary>
    public int FullWidth => Join == PieceJoin.Space ? Width + 1 : Width;
}
