namespace WhisperMesh.Router.Transcriptions.Formats;

/// <summary>Response format <c>json</c>.</summary>
internal sealed record TranscriptJson(string Text, TranscriptUsage Usage);

/// <summary>A piece of a streamed transcript.</summary>
internal sealed record TranscriptDelta(string Type, string Delta)
{
    public static TranscriptDelta Of(string delta) => new("transcript.text.delta", delta);
}

/// <summary>The end of a streamed transcript.</summary>
internal sealed record TranscriptDone(string Type, string Text, TranscriptUsage Usage)
{
    public static TranscriptDone Of(string text, TranscriptUsage usage) => new("transcript.text.done", text, usage);
}
