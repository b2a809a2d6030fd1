using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of the bodies.</summary>
internal static class BodySchemas
{
    public static OpenApiSchema Transcription()
    {
        var properties = Common();
        properties["language"] = Text("Language spoken, such as \"en\". Without it the language is detected.");
        properties["response_format"] = OneOf("Shape of the reply.", "json", "text", "srt", "verbose_json", "vtt");
        properties["timestamp_granularities[]"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "What gets times; needs verbose_json. Without it: segment.",
            Items = OneOf("", "segment", "word"),
        };
        properties["stream"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Boolean,
            Description = "Sends server-sent events while the audio is transcribed; needs response_format json.",
            Default = false,
        };
        return Object(properties, "file");
    }

    public static OpenApiSchema Translation()
    {
        var properties = Common();
        properties["response_format"] = OneOf("Shape of the reply.", "json", "text", "srt", "verbose_json", "vtt");
        return Object(properties, "file");
    }

    public static OpenApiSchema Speech() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["input"] = Text("What to say, 1 to 4096 characters."),
            ["model"] = Text("Model id or alias, such as \"tts-1\". Without it: the default model."),
            ["voice"] = Text("Voice of the model. Without it: the model's default voice."),
            ["response_format"] = OneOf("Format of the audio. mp3, opus, aac and flac need ffmpeg.", [.. Router.Speech.SpeechFormat.All.Keys]),
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

    private static Dictionary<string, IOpenApiSchema> Common() => new()
    {
        ["file"] = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description = "The audio: wav everywhere; mp3, m4a, aac, flac, ogg, opus, webm, mp4 and mov with ffmpeg.",
        },
        ["model"] = Text("Model id or alias, such as \"whisper-1\". Without it: the default model."),
        ["prompt"] = Text("Text taken as said before the audio: names, spelling and style to follow."),
        ["temperature"] = Number("Sampling temperature.", "0", "1", 0),
    };

    private static OpenApiSchema Object(Dictionary<string, IOpenApiSchema> properties, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = properties,
        Required = required.ToHashSet(),
        AdditionalPropertiesAllowed = false,
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiSchema Nullable(string description) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = description };

    private static OpenApiSchema Number(string description, string minimum, string maximum, double standard) => new()
    {
        Type = JsonSchemaType.Number,
        Description = description,
        Minimum = minimum,
        Maximum = maximum,
        Default = standard,
    };

    // The first value is the default.
    private static OpenApiSchema OneOf(string description, params string[] values) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = [.. values.Select(value => (JsonNode)value)],
        Default = values[0],
    };
}
