using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace WhisperMesh.Router.OpenApi;

/// <summary>What the schemas of bodies are made of.</summary>
internal static class SchemaParts
{
    public static OpenApiSchema Object(Dictionary<string, IOpenApiSchema> properties, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = properties,
        Required = required.ToHashSet(),
        AdditionalPropertiesAllowed = false,
    };

    public static OpenApiSchema Text(string? description) => new() { Type = JsonSchemaType.String, Description = description };

    public static OpenApiSchema Nullable(string description) =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = description };

    /// <summary>True or false; false is the default.</summary>
    public static OpenApiSchema Switch(string description) =>
        new() { Type = JsonSchemaType.Boolean, Description = description, Default = false };

    public static OpenApiSchema Number(string description) => new() { Type = JsonSchemaType.Number, Description = description };

    public static OpenApiSchema Number(string description, string? minimum, string? maximum, double standard) => new()
    {
        Type = JsonSchemaType.Number,
        Description = description,
        Minimum = minimum,
        Maximum = maximum,
        Default = standard,
    };

    public static OpenApiSchema Integer(string? description) => new() { Type = JsonSchemaType.Integer, Description = description };

    public static OpenApiSchema Integer(string description, int minimum, int maximum, int standard) => new()
    {
        Type = JsonSchemaType.Integer,
        Description = description,
        Minimum = minimum.ToString(CultureInfo.InvariantCulture),
        Maximum = maximum.ToString(CultureInfo.InvariantCulture),
        Default = standard,
    };

    public static OpenApiSchema List(string description, IOpenApiSchema items, int? limit = null) =>
        new() { Type = JsonSchemaType.Array, Description = description, Items = items, MaxItems = limit };

    /// <summary>One of a few words; the first is the default.</summary>
    public static OpenApiSchema OneOf(string? description, params IEnumerable<string> values) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = [.. values.Select(value => (JsonNode)value)],
        Default = values.First(),
    };

    /// <summary>One of a few words, none of them a default.</summary>
    public static OpenApiSchema Choice(string? description, params IEnumerable<string> values) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = [.. values.Select(value => (JsonNode)value)],
    };
}
