using System.Text;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>A token of the text as <c>include[]=logprobs</c> gives it.</summary>
/// <param name="Token">Its text; the replacement character stands where it holds a part of a character only.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Bytes">Its bytes, for joining tokens that share a character.</param>
internal sealed record TokenLogprob(string Token, float Logprob, IReadOnlyList<int> Bytes)
{
    /// <summary>What OpenAI's API writes for what is next to impossible; JSON has no infinity.</summary>
    public const float Impossible = -9999;

    public static IEnumerable<TokenLogprob> Of(TranscriptSegment segment) =>
        segment.TokenBytes.Zip(segment.TokenLogProbabilities, (bytes, probability) => new TokenLogprob(
            Encoding.UTF8.GetString(bytes.Span),
            float.IsFinite(probability) ? probability : Impossible,
            [.. bytes.Select(value => (int)value)]));
}
