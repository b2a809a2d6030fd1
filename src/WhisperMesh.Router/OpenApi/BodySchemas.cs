using Microsoft.OpenApi;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of the bodies that have no file of their own.</summary>
internal static class BodySchemas
{
    public static OpenApiSchema Speech() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["input"] = Text("What to say, 1 to 4096 characters."),
            ["model"] = Text("Model id or alias, such as \"tts-1\". Without it: the default model."),
            ["voice"] = Text("Voice of the model. Without it: the model's default voice."),
            ["response_format"] = OneOf("Format of the audio. mp3, opus, aac and flac need ffmpeg.", Router.Speech.SpeechFormat.All.Keys),
            ["speed"] = Number("Rate of speech.", "0.25", "4", 1),
            ["stream_format"] = OneOf("Audio as it is, or in server-sent events.", "audio", "sse"),
        },
        "input");

    public static OpenApiSchema Error() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["error"] = Object(
                new Dictionary<string, IOpenApiSchema>
                {
                    ["message"] = Text("What is wrong, for people."),
                    ["type"] = Text("Class of the error, such as invalid_request_error."),
                    ["param"] = Nullable("Parameter at fault."),
                    ["code"] = Nullable("Constant for programs."),
                },
                "message", "type", "param", "code"),
        },
        "error");
}
