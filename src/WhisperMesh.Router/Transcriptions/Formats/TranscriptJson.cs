using System.Text.Json.Serialization;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Response format <c>json</c>.</summary>
internal sealed record TranscriptJson(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SpokenLanguage>? Languages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs,
    TranscriptUsage Usage,
    MeshNotes Whispermesh)
{
    public static TranscriptJson Of(Transcript transcript) =>
        new(transcript.Text, transcript.Languages, transcript.Logprobs, transcript.Usage, transcript.Notes);
}

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
    IReadOnlyList<SpokenLanguage> Languages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs,
    TranscriptUsage Usage,
    MeshNotes Whispermesh)
{
    public static TranscriptDone Of(
        string text, IReadOnlyList<SpokenLanguage> languages, IReadOnlyList<TokenLogprob>? logprobs, TranscriptionSummary summary) =>
        new("transcript.text.done", text, languages, logprobs, TranscriptUsage.Of(summary), MeshNotes.Of(summary));
}
