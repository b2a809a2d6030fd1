using WhisperMesh.Whisper.Model.Graph;

namespace WhisperMesh.Whisper.Model.Attention;

/// <summary>
/// Takes down where the alignment heads look while a row reads tokens: scaled scores before softmax, [heads, tokens, positions].
/// </summary>
internal sealed class AlignmentScores(IReadOnlyList<AlignmentHead> heads, int tokens, int positions)
{
    public float[] Values { get; } = new float[heads.Count * tokens * positions];

    public int Heads => heads.Count;

    public int Tokens => tokens;

    public int Positions => positions;

    /// <summary>Where the scores of a head for a token go; empty when the head tells nothing.</summary>
    public Span<float> At(int layer, int head, int token)
    {
        for (var i = 0; i < heads.Count; i++)
        {
            if (heads[i].Layer == layer && heads[i].Head == head)
            {
                return Values.AsSpan((i * tokens + token) * positions, positions);
            }
        }
        return [];
    }
}
