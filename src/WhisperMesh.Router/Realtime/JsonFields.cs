using System.Text.Json;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Realtime;

/// <summary>An object that a client sent: its members are taken by name, and one that nobody takes is refused.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _taken = [];

    public JsonFields(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.BadRequest(path.Length > 0 ? path : null, $"{(path.Length > 0 ? $"'{path}'" : "An event")} must be an object.", "invalid_type");
        }

        (_object, _path) = (value, path);
    }

    /// <summary>A member, or null where it is absent; one that is null itself is there.</summary>
    public JsonField? Take(string name)
    {
        _taken.Add(name);
        return _object.TryGetProperty(name, out var value) ? new JsonField(value, PathOf(name)) : null;
    }

    /// <summary>A member that has to be there.</summary>
    public JsonField Require(string name) => Take(name) ?? throw ApiException.Missing(PathOf(name));

    /// <summary>Refuses what was not taken.</summary>
    public void Complete()
    {
        foreach (var member in _object.EnumerateObject().Where(member => !_taken.Contains(member.Name)))
        {
            var path = PathOf(RequestChecks.Shortened(member.Name));
            throw ApiException.BadRequest(path, $"Unknown parameter: '{path}'.", "unknown_parameter");
        }
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}

/// <summary>A member and where it stands.</summary>
internal readonly record struct JsonField(JsonElement Value, string Path)
{
    public bool IsNull => Value.ValueKind == JsonValueKind.Null;

    public JsonFields Fields() => new(Value, Path);

    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Wrong("a string");

    /// <summary>A text; empty where the member is null.</summary>
    public string TextOrNone() => IsNull ? "" : Text();

    public bool Flag() => Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("true or false"),
    };

    public string Choice(IEnumerable<string> choices)
    {
        var text = Text();
        return choices.Contains(text)
            ? text
            : throw ApiException.BadRequest(
                Path, $"Invalid value: '{RequestChecks.Shortened(text)}'. Supported values are: {string.Join(", ", choices.Select(choice => $"'{choice}'"))}.");
    }

    public int Integer(int least, int most) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"a whole number between {least} and {most}");

    public float Number(float least, float most) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetSingle(out var number) && number >= least && number <= most
            ? number
            : throw Wrong($"a number between {least} and {most}");

    /// <summary>Texts; none where the member is null.</summary>
    public IReadOnlyList<string> Texts()
    {
        var path = Path;
        return IsNull ? []
            : Value.ValueKind == JsonValueKind.Array ? [.. Value.EnumerateArray().Select((text, i) => new JsonField(text, $"{path}[{i}]").Text())]
            : throw Wrong("an array of strings");
    }

    private ApiException Wrong(string what) => ApiException.BadRequest(Path, $"'{Path}' must be {what}.", "invalid_type");
}
