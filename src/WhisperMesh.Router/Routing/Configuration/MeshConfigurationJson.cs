using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>How the configuration is written in JSON: camelCase, comments and trailing commas as one likes.</summary>
internal static class MeshConfigurationJson
{
    public static readonly JsonDocumentOptions Syntax = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    // By reflection: the source generator sets every init-only property, to null or zero where the file says nothing, and so loses
    // the defaults that the records declare.
    public static readonly JsonSerializerOptions Options = Create();

    public static JsonTypeInfo<MeshConfiguration> Root => (JsonTypeInfo<MeshConfiguration>)Options.GetTypeInfo(typeof(MeshConfiguration));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.MakeReadOnly();
        return options;
    }
}
