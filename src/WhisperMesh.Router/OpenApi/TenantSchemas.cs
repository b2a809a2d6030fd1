using Microsoft.OpenApi;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Usage;
using static WhisperMesh.Router.OpenApi.SchemaParts;

namespace WhisperMesh.Router.OpenApi;

/// <summary>Schemas of keys and usage.</summary>
internal static class TenantSchemas
{
    public static OpenApiSchema KeyRequest() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["tenant"] = Text($"Whose key it is: {Tenants.TenantIds.Form}."),
            ["name"] = Text("What it is for."),
            ["scopes"] = List("What it may do. Without it: all but operate and admin.", Choice(null, Scopes.All)),
            ["expires_at"] = Text("When it ends, RFC 3339. Without it: never."),
            ["budgets"] = Budgets(),
        },
        "tenant");

    public static OpenApiSchema Key(bool withSecret)
    {
        var properties = new Dictionary<string, IOpenApiSchema>
        {
            ["object"] = Choice(null, "api_key"),
            ["id"] = Text("Public id, which stands in the key too."),
            ["tenant"] = Text("Whose key it is."),
            ["name"] = Text("What it is for."),
            ["scopes"] = List("What it may do.", Choice(null, Scopes.All)),
            ["created_at"] = Text("When it was made."),
            ["expires_at"] = Text("When it ends; absent: never."),
            ["budgets"] = Budgets(),
        };
        if (withSecret)
        {
            properties["key"] = Text("The key, for Authorization: Bearer. It is not kept and not shown again.");
        }

        return Object(properties, "object", "id", "tenant", "name", "scopes", "created_at");
    }

    public static OpenApiSchema KeyList() => Object(
        new Dictionary<string, IOpenApiSchema> { ["object"] = Choice(null, "list"), ["data"] = List("The keys.", Key(withSecret: false)) },
        "object", "data");

    public static OpenApiSchema KeyDeleted() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["id"] = Text("Id of the key."),
            ["object"] = Choice(null, "api_key"),
            ["deleted"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        },
        "id", "object", "deleted");

    public static OpenApiSchema Usage() => Object(
        new Dictionary<string, IOpenApiSchema>
        {
            ["object"] = Choice(null, "usage"),
            ["tenant"] = Text("Whose; * means everybody's."),
            ["from"] = Text("First day, UTC."),
            ["to"] = Text("Last day, UTC."),
            ["group_by"] = List("By what the rows are told apart.", Choice(null, UsageQuery.Groups)),
            ["data"] = List("The rows; what they are not grouped by is absent.", Object(Row())),
            ["total"] = Object(Amounts(), [.. Amounts().Keys]),
        },
        "object", "tenant", "from", "to", "group_by", "data", "total");

    public static IList<IOpenApiParameter> UsageParameters() =>
    [
        Parameter("tenant", "Another tenant, or * for all; for scope admin.", Text(null)),
        Parameter("from", "First day, such as 2026-01-31. Without it: 30 days.", Text(null)),
        Parameter("to", "Last day. Without it: today.", Text(null)),
        Parameter("group_by", $"Some of {string.Join(", ", UsageQuery.Groups)}, separated by commas. Without it: day.", Text(null)),
    ];

    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiSchema Budgets() => Object(new Dictionary<string, IOpenApiSchema>
    {
        ["requests_per_minute"] = Integer("Requests in a minute, which begins with the first of them."),
        ["audio_minutes_per_day"] = Number("Minutes of audio to transcribe in a day, UTC."),
        ["characters_per_day"] = Integer("Characters to speak in a day, UTC."),
        ["concurrent_streams"] = Integer("Requests at once."),
    });

    private static Dictionary<string, IOpenApiSchema> Row() => new(Amounts())
    {
        ["day"] = Text("Day, UTC."),
        ["tenant"] = Text("Tenant."),
        ["key"] = Text("Id of the key; empty on an open mesh."),
        ["model"] = Text("Model that served."),
        ["language"] = Text("Language given or detected; empty for speech."),
        ["upstream"] = Text("Upstream that served; empty: a worker of the mesh."),
    };

    private static Dictionary<string, IOpenApiSchema> Amounts() => new()
    {
        ["requests"] = Integer("Requests that were served."),
        ["audio_seconds"] = Number("Audio transcribed, in seconds."),
        ["characters"] = Integer("Characters spoken."),
        ["price"] = Number("What upstreams charge, in the currency of their prices."),
    };
}
