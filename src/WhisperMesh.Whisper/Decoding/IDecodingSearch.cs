namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// Grows the text of one window, in one row of the batch or several. It knows nothing of sessions: logits in, tokens out. The first
/// step has one row, the one that has read the prompt.
/// </summary>
internal interface IDecodingSearch
{
    /// <summary>
    /// Reads the logits of each row of the last step, which it may change, and adds to <paramref name="next"/> (empty) the rows of
    /// the next step: the row each goes on from, and the token it is fed. None: the search is over.
    /// </summary>
    void Advance(LogitRows logits, List<RowStep> next);

    /// <summary>The text found, once the search is over.</summary>
    DecodedText Result { get; }
}

/// <summary>A row of the next step.</summary>
/// <param name="Parent">Row of the last step that it goes on from; several rows may share one.</param>
/// <param name="Token">What it is fed.</param>
internal readonly record struct RowStep(int Parent, int Token);

/// <summary>Logits of the rows of a step: [rows, vocabulary].</summary>
internal readonly ref struct LogitRows(Span<float> values, int vocabulary)
{
    private readonly Span<float> _values = values;

    public int Count => _values.Length / vocabulary;

    /// <summary>The rows from one on.</summary>
    public LogitRows From(int row) => new(_values[(row * vocabulary)..], vocabulary);

    public Span<float> this[int row] => _values.Slice(row * vocabulary, vocabulary);
}
