using Microsoft.OpenApi;
using WhisperMesh.Router.Http;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>What replies say of how they came about: the member <c>whispermesh</c>, and the headers.</summary>
internal static class NoteSchemas
{
    public static OpenApiSchema Notes() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["request_id"] = Text("Id of the request."),
            ["route"] = Object(
                new Dictionary<string, IOpenApiSchema>
                {
                    ["name"] = Text("Route of the configuration that matched; default where none did."),
                    ["worker"] = Text("Worker that served it, or upstream:NAME."),
                    ["model"] = Text("Model that served it."),
                    ["reason"] = Text("Why this worker."),
                    ["attempts"] = Integer("Workers that were asked."),
                    ["external"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Boolean,
                        Description = "Whether the audio left this mesh, to an upstream.",
                    },
                    ["cache"] = Choice("Whether the result came from the cache; absent where that was not asked.", "hit", "miss", "shared"),
                    ["notes"] = List("What happened on the way, in plain sentences.", Text(null)),
                },
                "name", "worker", "model", "reason", "attempts", "external", "notes"),
            ["languages"] = List(
                "Likeliest languages where it was detected, best first, at most five.",
                Object(
                    new Dictionary<string, IOpenApiSchema>
                    {
                        ["code"] = Text("BCP-47 code."),
                        ["probability"] = Number("How likely it is, 0 to 1."),
                    },
                    "code", "probability")),
            ["warnings"] = List("What was approximated, left out or found odd, in plain sentences.", Text(null)),
        },
        "request_id", "languages", "warnings");

    /// <summary>Headers of a reply with audio or text in it.</summary>
    public static Dictionary<string, IOpenApiHeader> Headers() => new()
    {
        [Requests.RequestIds.HeaderName] = Header("Id of the request: the caller's own, or a new one."),
        [RouteHeaders.Worker] = Header("Worker that served it, or upstream:NAME."),
        [RouteHeaders.Model] = Header("Model that served it."),
        [RouteHeaders.RouteName] = Header("Route of the configuration that matched; default where none did."),
        [RouteHeaders.Reason] = Header("Why this worker."),
        [RouteHeaders.External] = Header("true where audio or text left this mesh, to an upstream; else absent."),
        [RouteHeaders.Cache] = Header("hit, miss or shared; absent where the cache was not asked."),
        [RouteHeaders.Warnings] = Header("What was approximated, left out or found odd; absent where nothing was, and from event streams, whose last event has it."),
    };

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = Text(null) };
}
