using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>The mesh at one moment, as GET /v1/mesh replies. Never a word of what is said.</summary>
internal sealed record MeshObject
{
    public string Object { get; } = "mesh";

    /// <summary>Router that answers.</summary>
    public required string Router { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Whether the caller sees all of it.</summary>
    public required bool Operator { get; init; }

    public required IReadOnlyList<RouterReport> Routers { get; init; }
    public required IReadOnlyList<WorkerObject> Workers { get; init; }
    public required IReadOnlyList<MeshModel> Models { get; init; }

    /// <summary>The caller's own, or for an operator everybody's.</summary>
    public required IReadOnlyList<LiveSessionObject> LiveSessions { get; init; }
}

/// <summary>A model that requests can name.</summary>
internal sealed record MeshModel(
    string Id,
    string Kind,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> Languages,
    IReadOnlyList<MeshVoice> Voices,
    int Workers);

/// <summary>A voice of a model that speaks; the first of a model is its default.</summary>
internal sealed record MeshVoice(string Id, string Language, string Description);

/// <summary>JSON of the mesh, for replies and between routers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MeshObject))]
[JsonSerializable(typeof(RouterReport))]
internal sealed partial class MeshJson : JsonSerializerContext;
