using System.Text.Json.Serialization;
using WhisperMesh.Router.Transcriptions.Formats;

namespace WhisperMesh.Router.Realtime;

/// <summary>What the client is told, one text message each.</summary>
/// <param name="Type">Its name.</param>
internal abstract record ServerEvent(string Type)
{
    public string EventId { get; } = RealtimeIds.Event();
}

/// <summary>What the session is now.</summary>
internal sealed record SessionEvent(string Type, SessionObject Session) : ServerEvent(Type);

/// <summary>The same in the shape of the beta.</summary>
internal sealed record BetaSessionEvent(string Type, BetaSessionObject Session) : ServerEvent(Type);

/// <summary>Somebody began to speak.</summary>
internal sealed record SpeechStarted(long AudioStartMs, string ItemId) : ServerEvent("input_audio_buffer.speech_started");

/// <summary>They paused long enough.</summary>
internal sealed record SpeechStopped(long AudioEndMs, string ItemId) : ServerEvent("input_audio_buffer.speech_stopped");

/// <summary>The audio so far is an item.</summary>
internal sealed record BufferCommitted(string ItemId, string? PreviousItemId) : ServerEvent("input_audio_buffer.committed");

/// <summary>The audio so far is forgotten.</summary>
internal sealed record BufferCleared() : ServerEvent("input_audio_buffer.cleared");

/// <summary>Nobody has spoken for as long as was asked.</summary>
internal sealed record TimeoutTriggered(long AudioStartMs, long AudioEndMs, string ItemId) : ServerEvent("input_audio_buffer.timeout_triggered");

/// <summary>There is an item.</summary>
internal sealed record ItemEvent(string Type, string? PreviousItemId, ItemObject Item) : ServerEvent(Type);

/// <summary>Words that follow on an item's text and will not change.</summary>
internal sealed record TranscriptionDelta(
    string ItemId,
    string Delta,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs)
    : ServerEvent("conversation.item.input_audio_transcription.delta")
{
    public int ContentIndex { get; } = ItemObject.AudioIndex;
}

/// <summary>The whole text of an item.</summary>
internal sealed record TranscriptionCompleted(
    string ItemId,
    string Transcript,
    IReadOnlyList<SpokenLanguage> Languages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TokenLogprob>? Logprobs,
    AudioUsage Usage)
    : ServerEvent("conversation.item.input_audio_transcription.completed")
{
    public int ContentIndex { get; } = ItemObject.AudioIndex;
}

/// <summary>There will be no text of an item.</summary>
internal sealed record TranscriptionFailed(string ItemId, EventError Error)
    : ServerEvent("conversation.item.input_audio_transcription.failed")
{
    public int ContentIndex { get; } = ItemObject.AudioIndex;
}

/// <summary>Something went wrong, or can't be done.</summary>
internal sealed record ErrorEvent(EventError Error) : ServerEvent("error");

/// <summary>What it was. The event's id is the client's own, of the event at fault.</summary>
internal sealed record EventError(string Type, string? Code, string Message, string? Param, string? EventId);

/// <summary>Audio of an item.</summary>
internal sealed record AudioUsage(string Type, double Seconds)
{
    public static AudioUsage Of(TimeSpan audio) => new("duration", Math.Round(Math.Max(0, audio.TotalSeconds), 3));
}

/// <summary>An item: what somebody said.</summary>
internal sealed record ItemObject(string Id)
{
    /// <summary>Which part of an item is its audio.</summary>
    public const int AudioIndex = 0;

    public string Object { get; } = "realtime.item";

    public string Type { get; } = "message";

    public string Status { get; } = "completed";

    public string Role { get; } = "user";

    public IReadOnlyList<ItemContent> Content { get; } = [new ItemContent("input_audio", null)];
}

/// <summary>A part of an item; its text comes in events of its own.</summary>
internal sealed record ItemContent(string Type, string? Transcript);
