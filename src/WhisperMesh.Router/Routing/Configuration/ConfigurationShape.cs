using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>
/// Holds a file against the shape of the records and says everything that does not fit, where a deserializer would stop at the first.
/// What does not fit is left out, so that the rest can be checked in the same go.
/// </summary>
internal sealed class ConfigurationShape
{
    private readonly List<string> _errors = [];

    /// <summary>One sentence each, beginning with the path.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Whether so much was left out that checks of the rest would blame what is right.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>What fits.</summary>
    public JsonNode Fit(JsonElement root, JsonTypeInfo type) => Fit(root, type, "") ?? new JsonObject();

    private JsonNode? Fit(JsonElement value, JsonTypeInfo type, string path) => type.Kind switch
    {
        JsonTypeInfoKind.Object => FitObject(value, type, path),
        JsonTypeInfoKind.Dictionary => FitDictionary(value, type, path),
        JsonTypeInfoKind.Enumerable => FitList(value, type, path),
        _ => FitValue(value, type, path),
    };

    private JsonObject? FitObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Lost<JsonObject>(path, "must be an object, in { }");
        }

        var node = new JsonObject();
        foreach (var member in Members(value, path))
        {
            var at = Join(path, member.Name);
            if (type.Properties.FirstOrDefault(property => property.Name == member.Name) is not { } property)
            {
                Error(at, "is no setting" + Suggestion(type, member.Name));
                IsTorn |= member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
            }
            else if (member.Value.ValueKind == JsonValueKind.Null && property.IsSetNullable)
            {
                node[member.Name] = null;
            }
            else if (Fit(member.Value, type.Options.GetTypeInfo(property.PropertyType), at) is { } fitting)
            {
                node[member.Name] = fitting;
            }
        }

        foreach (var missing in type.Properties.Where(property => property.IsRequired && !node.ContainsKey(property.Name)))
        {
            // A value of the wrong type has been named already.
            if (!value.TryGetProperty(missing.Name, out _))
            {
                Error(Join(path, missing.Name), "is missing");
            }

            IsTorn = true;
        }

        return node;
    }

    private JsonObject? FitDictionary(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Lost<JsonObject>(path, "must be an object, in { }");
        }

        var node = new JsonObject();
        foreach (var member in Members(value, path))
        {
            if (Fit(member.Value, type.Options.GetTypeInfo(type.ElementType!), Join(path, member.Name)) is { } fitting)
            {
                node[member.Name] = fitting;
            }
        }

        return node;
    }

    private JsonArray? FitList(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Lost<JsonArray>(path, "must be a list, in [ ]");
        }

        var element = type.Options.GetTypeInfo(type.ElementType!);
        var node = new JsonArray();
        foreach (var item in value.EnumerateArray())
        {
            if (Fit(item, element, $"{path}[{node.Count}]") is { } fitting)
            {
                node.Add(fitting);
            }
            else
            {
                // Those after it would be named by a wrong number.
                IsTorn = true;
                return node;
            }
        }

        return node;
    }

    private JsonValue? FitValue(JsonElement value, JsonTypeInfo type, string path)
    {
        try
        {
            if (value.ValueKind != JsonValueKind.Null && value.Deserialize(type) is not null)
            {
                return JsonValue.Create(value);
            }
        }
        catch (JsonException)
        {
            // Named below, in words that need no knowledge of the program's types.
        }

        return Lost<JsonValue>(path, "must be " + Expected(type.Type), torn: false);
    }

    private IEnumerable<JsonProperty> Members(JsonElement value, string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (names.Add(member.Name))
            {
                yield return member;
            }
            else
            {
                Error(Join(path, member.Name), "is set twice");
            }
        }
    }

    private static string Suggestion(JsonTypeInfo type, string name) =>
        type.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } meant
            ? $"; it is spelled '{meant.Name}'"
            : $"; there are {string.Join(", ", type.Properties.Select(property => property.Name))}";

    private static string Expected(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.String => "text, in quotes",
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Double or TypeCode.Decimal => "a number",
        _ => "a duration such as \"00:01:30\" (hours, minutes, seconds)",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void Error(string path, string what) => _errors.Add($"{(path.Length == 0 ? "The file" : path)} {what}.");

    private T? Lost<T>(string path, string what, bool torn = true)
        where T : JsonNode
    {
        Error(path, what);
        IsTorn |= torn;
        return null;
    }
}
