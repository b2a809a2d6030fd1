using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Realtime;

/// <summary>JSON of the server's events: snake_case, text as it is rather than escaped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SessionEvent))]
[JsonSerializable(typeof(BetaSessionEvent))]
[JsonSerializable(typeof(SpeechStarted))]
[JsonSerializable(typeof(SpeechStopped))]
[JsonSerializable(typeof(BufferCommitted))]
[JsonSerializable(typeof(BufferCleared))]
[JsonSerializable(typeof(TimeoutTriggered))]
[JsonSerializable(typeof(ItemEvent))]
[JsonSerializable(typeof(TranscriptionDelta))]
[JsonSerializable(typeof(TranscriptionCompleted))]
[JsonSerializable(typeof(TranscriptionFailed))]
[JsonSerializable(typeof(ErrorEvent))]
internal sealed partial class RealtimeJson : JsonSerializerContext
{
    public static byte[] Write(ServerEvent message) => JsonSerializer.SerializeToUtf8Bytes(message, message.GetType(), Unescaped.Instance);

    // Apart, because the order of static fields over the parts of a class is not defined.
    private static class Unescaped
    {
        public static readonly RealtimeJson Instance = new(new JsonSerializerOptions(Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
