using Microsoft.OpenApi;
using WhisperMesh.Router.Transcriptions;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of the detection of languages.</summary>
internal static class LanguageSchemas
{
    private const int MaxListed = 100;

    public static OpenApiSchema Form() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["file"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "binary",
                Description = "The audio, in any format that transcription takes; two to three seconds of speech are listened to.",
            },
            ["model"] = Text("Model id or alias. Without it: the default model."),
            ["languages[]"] = List("Languages to choose from, whose probabilities are 1 together; all without it.", Text(null), MaxListed),
            ["request_class"] = OneOf("How urgent it is.", EngineFields.Classes.Keys),
        },
        "file");

    public static OpenApiSchema Reply() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["languages"] = List(
                "Likeliest languages, best first, at most five; none where no speech was heard.",
                Object(
                    new Dictionary<string, IOpenApiSchema>
                    {
                        ["code"] = Text("BCP-47 code, such as \"en\"."),
                        ["probability"] = Number("0 to 1."),
                    },
                    "code", "probability")),
            ["speech_seconds"] = Number("Speech that was listened to."),
            ["model"] = Text("Model that listened."),
        },
        "languages", "speech_seconds", "model");
}
