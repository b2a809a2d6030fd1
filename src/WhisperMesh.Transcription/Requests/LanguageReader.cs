using System.Text.RegularExpressions;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Transcription.Models;

namespace WhisperMesh.Transcription.Requests;

/// <summary>Checks the languages of a configuration.</summary>
internal static partial class LanguageReader
{
    private const int MaxLanguages = 100;

    public static string? Language(string code, ModelDefinition model) => code.Length == 0 ? null : Find(code, "language_code", model);

    public static string[] Allowed(IReadOnlyCollection<string> codes, string given, ModelDefinition model)
    {
        if (codes.Count == 0)
        {
            return [];
        }

        if (given.Length > 0)
        {
            throw MeshException.InvalidArgument(
                "language_codes", "language_codes are for detection; they can't be given together with language_code.");
        }

        return codes.Count <= MaxLanguages
            ? [.. codes.Select(code => Find(code, "language_codes", model)).Distinct()]
            : throw MeshException.InvalidArgument("language_codes", $"At most {MaxLanguages} language codes are allowed.");
    }

    /// <summary>The model's code of a language that a caller names.</summary>
    public static string Find(string code, string field, ModelDefinition model)
    {
        var primary = Primary(code);
        // A model whose files don't tell its languages refuses by itself once it is loaded.
        return LanguagePattern().IsMatch(code) && (model.Languages.Count == 0 || model.Languages.Contains(primary))
            ? primary
            : throw MeshException.InvalidArgument(
                field, $"The model '{model.Name}' does not know the language '{code}'.", ErrorReasons.LanguageNotSupported);
    }

    /// <summary>What of the codes does not count.</summary>
    public static IReadOnlyList<string> Warnings(IEnumerable<string> codes) =>
    [
        .. codes.Where(code => code.Contains('-', StringComparison.Ordinal))
            .Select(code => $"The language '{code}' is heard as '{Primary(code)}': the model knows no regions."),
    ];

    // The primary subtag counts: "pt-BR" is "pt".
    private static string Primary(string code) => code.Split('-', 2)[0].ToLowerInvariant();

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguagePattern();
}
