using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Response format <c>json</c>.</summary>
internal sealed record TranscriptJson(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs,
    TranscriptUsage Usage);

/// <summary>A piece of a streamed transcript.</summary>
internal sealed record TranscriptDelta(
    string Type,
    string Delta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs)
{
    public static TranscriptDelta Of(string delta, IReadOnlyList<TokenLogprob>? logprobs) =>
        new("transcript.text.delta", delta, logprobs);
}

/// <summary>The end of a streamed transcript.</summary>
internal sealed record TranscriptDone(
    string Type,
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs,
    TranscriptUsage Usage)
{
    public static TranscriptDone Of(string text, IReadOnlyList<TokenLogprob>? logprobs, TranscriptUsage usage) =>
        new("transcript.text.done", text, logprobs, usage);
}
