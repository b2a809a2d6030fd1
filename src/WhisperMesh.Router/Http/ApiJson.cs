using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.Speech;
using WhisperMesh.Router.Transcriptions.Formats;

namespace WhisperMesh.Router.Http;

/// <summary>JSON of the HTTP API: snake_case, text as it is rather than escaped.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAiErrorResponse))]
[JsonSerializable(typeof(StreamError))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelObject))]
[JsonSerializable(typeof(LanguagesReply))]
[JsonSerializable(typeof(TranscriptJson))]
[JsonSerializable(typeof(VerboseTranscript))]
[JsonSerializable(typeof(TranscriptDelta))]
[JsonSerializable(typeof(TranscriptSegmentEvent))]
[JsonSerializable(typeof(TranscriptDone))]
[JsonSerializable(typeof(SpeechDelta))]
[JsonSerializable(typeof(SpeechDone))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>For responses, which are never embedded in HTML.</summary>
    public static ApiJson Readable => Unescaped.Instance;

    // Apart, because the order of static fields over the parts of a class is not defined.
    private static class Unescaped
    {
        public static readonly ApiJson Instance = new(new JsonSerializerOptions(Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
