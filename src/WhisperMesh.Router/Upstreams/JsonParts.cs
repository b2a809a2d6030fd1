using System.Text.Json;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Reads JSON that others write: what is missing or of another type is null.</summary>
internal static class JsonParts
{
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    public static string? Text(this JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    public static double? Number(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static string? TextOf(this JsonElement element, string name) => element.Member(name)?.Text();

    public static double? NumberOf(this JsonElement element, string name) => element.Member(name)?.Number();
}
