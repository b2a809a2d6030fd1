using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>What a result holds beyond its text. The text is the same with and without: words are aligned after it is found.</summary>
internal readonly record struct ResultDetail(bool Words, bool Tokens)
{
    public static ResultDetail Of(TranscriptionConfig config) => new(config.WordTimestamps, config.TokenDetails);

    /// <summary>Whether a result of this detail serves a request for the other.</summary>
    public bool Covers(ResultDetail other) => (Words || !other.Words) && (Tokens || !other.Tokens);

    /// <summary>Takes out of a segment what was not asked for.</summary>
    public void Trim(TranscriptSegment segment)
    {
        if (!Words)
        {
            segment.Words.Clear();
        }

        if (!Tokens)
        {
            segment.TokenBytes.Clear();
        }
    }
}
