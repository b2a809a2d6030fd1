using System.Globalization;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;

namespace WhisperMesh.Router.Transcriptions;

/// <summary>Reads the values of form fields, which are all text. The errors name the field.</summary>
internal static class FieldValues
{
    public static bool Boolean(string name, string value) =>
        bool.TryParse(value, out var parsed) ? parsed : throw NotOneOf(name, value, ["true", "false"]);

    public static int Integer(string name, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw ApiException.BadRequest(name, $"'{name}' must be a whole number of at most 32 bits.");

    public static float Number(string name, string value) =>
        float.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw ApiException.BadRequest(name, $"'{name}' must be a number.");

    public static T Choice<T>(string name, string value, IReadOnlyDictionary<string, T> choices) =>
        choices.TryGetValue(value, out var chosen) ? chosen : throw NotOneOf(name, value, choices.Keys);

    private static ApiException NotOneOf(string name, string value, IEnumerable<string> allowed) =>
        ApiException.BadRequest(
            name,
            $"Invalid value '{RequestChecks.Shortened(value)}' for '{name}'. Supported values: {string.Join(", ", allowed)}.");
}
