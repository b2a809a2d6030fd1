using WhisperMesh.Router.Routing;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>Which workers serve the languages of a request: those whose model knows them and that are not meant for others.</summary>
internal static class LanguageMatch
{
    /// <summary>Leaves those that serve the languages, and marks the ones that are dedicated to them.</summary>
    /// <returns>Why none is left, or null.</returns>
    public static MeshException? Keep(List<WorkerMatch> matches, WorkerRequirements requirements, string? poolLanguage)
    {
        var model = matches[0].Model.Model.Id;
        foreach (var (language, field) in Named(requirements, poolLanguage))
        {
            matches.RemoveAll(match => !Knows(match.Model.Model, language));
            if (matches.Count == 0)
            {
                return RouterErrors.LanguageNotSupported(language, model, field);
            }
        }

        if (requirements.IsLanguageOpen)
        {
            return null;
        }

        var all = matches.ToArray();
        matches.Clear();
        foreach (var match in all)
        {
            var dedicated = match.Worker.Capabilities.DedicatedLanguageCodes;
            var wanted = Wanted(match.Model.Model, requirements, poolLanguage);
            if (dedicated.Count == 0)
            {
                matches.Add(match);
            }
            else if (wanted.Count > 0 && wanted.All(language => dedicated.Any(code => RequestLanguage.IsSame(code, language))))
            {
                matches.Add(match with { IsDedicated = true });
            }
        }

        return matches.Count > 0 ? null : RouterErrors.OnlyDedicatedWorkers(
            model, requirements.Language, [.. all.SelectMany(match => match.Worker.Capabilities.DedicatedLanguageCodes).Distinct().Order()]);
    }

    private static IEnumerable<(string Language, string Field)> Named(WorkerRequirements requirements, string? poolLanguage)
    {
        if (requirements.Language.Length > 0)
        {
            yield return (requirements.Language, "language_code");
        }

        foreach (var language in requirements.AllowedLanguages)
        {
            yield return (language, "language_codes");
        }

        if (poolLanguage is not null)
        {
            yield return (poolLanguage, "language_code");
        }
    }

    private static bool Knows(Model model, string language) =>
        model.LanguageCodes.Count == 0 || model.LanguageCodes.Any(code => RequestLanguage.IsSame(code, language));

    private static IReadOnlyList<string> Wanted(Model model, WorkerRequirements requirements, string? poolLanguage)
    {
        if (poolLanguage is not null)
        {
            return [poolLanguage];
        }

        if (requirements.Kind == ModelKind.Synthesis)
        {
            // Speech is in the language of its voice.
            var voice = model.Voices.FirstOrDefault(voice => voice.Id == requirements.Voice) ?? model.Voices.FirstOrDefault();
            return voice is null ? [] : [voice.LanguageCode];
        }

        return requirements.Language.Length > 0 ? [requirements.Language] : requirements.AllowedLanguages;
    }
}
