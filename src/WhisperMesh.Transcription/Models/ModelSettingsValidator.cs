using Microsoft.Extensions.Options;

namespace WhisperMesh.Transcription.Models;

/// <summary>Rules between the settings of the models.</summary>
internal sealed class ModelSettingsValidator : IValidateOptions<TranscriptionOptions>
{
    private const string ModelsKey = $"{TranscriptionOptions.SectionName}:{nameof(TranscriptionOptions.Models)}";

    public ValidateOptionsResult Validate(string? name, TranscriptionOptions options)
    {
        string[] errors = [.. options.Models.Count == 0 ? ShortFormErrors(options) : ModelsErrors(options)];
        return errors.Length > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<string> ShortFormErrors(TranscriptionOptions options)
    {
        if (options.ModelPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            yield return $"{ShortKey(nameof(options.ModelPath))} is empty.";
        }

        if (options.ModelName is { } modelName && string.IsNullOrWhiteSpace(modelName))
        {
            yield return $"{ShortKey(nameof(options.ModelName))} is empty.";
        }

        // Unset, the name is the one that the model's definition is given.
        var names = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [options.ModelName ?? ModelDefinitions.DefaultName] = ShortKey(nameof(options.ModelName)),
        };
        foreach (var error in AliasErrors(options.Aliases ?? [], ShortKey(nameof(options.Aliases)), names))
        {
            yield return error;
        }
    }

    private static IEnumerable<string> ModelsErrors(TranscriptionOptions options) =>
        [.. BothForms(options), .. NameErrors(options.Models), .. DefaultErrors(options.Models)];

    private static IEnumerable<string> BothForms(TranscriptionOptions options)
    {
        (string Key, bool IsSet)[] shortForm =
        [
            (nameof(options.ModelPath), options.ModelPath is not null),
            (nameof(options.ModelName), options.ModelName is not null),
            (nameof(options.Aliases), options.Aliases is not null),
        ];
        return shortForm
            .Where(entry => entry.IsSet)
            .Select(entry => $"{ShortKey(entry.Key)} is the short form for one model; with {ModelsKey} it must not be set.");
    }

    private static IEnumerable<string> NameErrors(IList<ModelSettings> models)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < models.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(models[i].Name))
            {
                yield return $"{ModelsKey}:{i}:{nameof(ModelSettings.Name)} is missing.";
            }
            else if (!names.TryAdd(models[i].Name, $"{ModelsKey}:{i}:{nameof(ModelSettings.Name)}"))
            {
                yield return Duplicate(models[i].Name, $"{ModelsKey}:{i}:{nameof(ModelSettings.Name)}", names);
            }

            if (string.IsNullOrWhiteSpace(models[i].Path))
            {
                yield return $"{ModelsKey}:{i}:{nameof(ModelSettings.Path)} is missing.";
            }
        }

        // After all names, so that an alias is told from the name that it takes.
        for (var i = 0; i < models.Count; i++)
        {
            foreach (var error in AliasErrors(models[i].Aliases ?? [], $"{ModelsKey}:{i}:{nameof(ModelSettings.Aliases)}", names))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<string> AliasErrors(string[] aliases, string key, Dictionary<string, string> names)
    {
        for (var i = 0; i < aliases.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(aliases[i]))
            {
                yield return $"{key}:{i} is empty.";
            }
            else if (!names.TryAdd(aliases[i], $"{key}:{i}"))
            {
                yield return Duplicate(aliases[i], $"{key}:{i}", names);
            }
        }
    }

    private static IEnumerable<string> DefaultErrors(IList<ModelSettings> models)
    {
        var defaults = Enumerable.Range(0, models.Count).Where(i => models[i].Default).ToList();
        if (defaults.Count > 1)
        {
            yield return "Only one model can be the default: "
                + $"{string.Join(", ", defaults.Select(i => $"{ModelsKey}:{i}:{nameof(ModelSettings.Default)}"))} are all true.";
        }
        else if (defaults.Count == 0 && models.Count > 1)
        {
            yield return $"None of {ModelsKey} is the default: set {nameof(ModelSettings.Default)} of one of them to true.";
        }
    }

    private static string Duplicate(string value, string key, Dictionary<string, string> names) =>
        $"{key}: '{value}' is taken by {names[value]}.";

    private static string ShortKey(string name) => $"{TranscriptionOptions.SectionName}:{name}";
}
