using Google.Protobuf.Reflection;
using Microsoft.OpenApi;
using WhisperMesh.Requests.V1;
using WhisperMesh.Router.Explain;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of what became of requests, which are made of the contract that they have in common with gRPC.</summary>
internal static class RequestSchemas
{
    private const string Line = "line";

    private static readonly string[] Always =
        ["object", "request_id", "tenant", "operation", "state", "create_time", "total_seconds", "attempt_count", "segment_count", "doubtful_count", "slow"];

    public static IList<IOpenApiParameter> RecordParameters() =>
    [
        new OpenApiParameter
        {
            Name = "id",
            In = ParameterLocation.Path,
            Required = true,
            Description = "Id of the request, as its reply's x-request-id names it.",
            Schema = Text(null),
        },
        Query("tenant", "Whose it is; for operators. Without it: the caller's own, for an operator anybody's.", Text(null)),
    ];

    public static IList<IOpenApiParameter> ListParameters() =>
    [
        Query("state", "Only those that failed, were slow, have doubtful text, or run now at this router.", Choice(null, RequestsEndpoint.Filters.Keys)),
        Query("limit", "How many at most.", Integer("How many at most.", 1, RecordLookup.MaxLimit, RecordLookup.DefaultLimit)),
        Query("tenant", "Whose; for operators, * means everybody's. Without it: the caller's own.", Text(null)),
    ];

    public static OpenApiSchema List() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["object"] = Choice(null, "list"),
            ["data"] = SchemaParts.List("The requests, newest first.", Object(LineProperties(), Always)),
        },
        "object", "data");

    public static OpenApiSchema Record()
    {
        var properties = LineProperties();
        foreach (var (name, schema) in ContractSchemas.Properties(RequestRecord.Descriptor, field => field.Name != Line))
        {
            properties[name] = schema;
        }

        return Object(properties, Always);
    }

    private static Dictionary<string, IOpenApiSchema> LineProperties() =>
        new(ContractSchemas.Properties(RequestLine.Descriptor, static (FieldDescriptor _) => true))
        {
            ["object"] = Choice(null, "request"),
            ["operation"] = Choice(
                null, Operations.Transcribe, Operations.Translate, Operations.Detect, Operations.Speak, Operations.Live, Operations.Realtime),
        };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
