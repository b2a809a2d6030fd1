using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Models;
using WhisperMesh.Whisper;

namespace WhisperMesh.Transcription.Models;

/// <summary>All models that the worker serves, found by any of their names.</summary>
internal sealed class ModelDefinitions
{
    public const string DefaultName = "whisper-base";
    private const string DefaultPath = "models/whisper-base";

    // The name that OpenAI's clients send.
    private const string OpenAiName = "whisper-1";

    private readonly Dictionary<string, ModelDefinition> _byName = new(StringComparer.Ordinal);

    public ModelDefinitions(IReadOnlyList<ModelDefinition> all)
    {
        All = all;
        Default = all.Single(model => model.IsDefault);
        foreach (var model in all)
        {
            foreach (var name in model.Aliases.Prepend(model.Name))
            {
                _byName.Add(name, model);
            }
        }
    }

    /// <summary>The models in the order of the settings.</summary>
    public IReadOnlyList<ModelDefinition> All { get; }

    /// <summary>The one for requests that name none.</summary>
    public ModelDefinition Default { get; }

    /// <summary>The model of this name or alias; the default one for an empty name.</summary>
    /// <exception cref="MeshException">There is no such model.</exception>
    public ModelDefinition Get(string name) => name.Length == 0 ? Default
        : _byName.TryGetValue(name, out var model) ? model
        : throw MeshException.NotFound(
            "model",
            $"There is no model '{name}' here; this worker serves {string.Join(", ", All.Select(model => $"'{model.Name}'"))}.");

    /// <summary>Reads settings that are valid.</summary>
    public static ModelDefinitions Read(TranscriptionOptions options, IHostEnvironment environment)
    {
        var models = options.Models is { Count: > 0 } several ? several : [ShortForm(options)];
        var openAiNameTaken = models.Any(model => model.Name == OpenAiName || model.Aliases?.Contains(OpenAiName) == true);
        return new ModelDefinitions([.. models.Select(model =>
        {
            var isDefault = model.Default || models.Count == 1;
            var folder = ModelFiles.Resolve(model.Path, environment.ContentRootPath);
            return new ModelDefinition
            {
                Name = model.Name,
                Folder = folder,
                Aliases = model.Aliases ?? (isDefault && !openAiNameTaken ? [OpenAiName] : []),
                Languages = ReadLanguages(folder),
                IsDefault = isDefault,
                LoadAtStart = model.LoadAtStart || isDefault,
                KeepLoaded = model.KeepLoaded ?? isDefault,
            };
        })]);
    }

    private static IReadOnlyList<string> ReadLanguages(string folder)
    {
        try
        {
            return WhisperFolder.ReadLanguages(folder);
        }
        catch (WhisperException)
        {
            // Told when the model is loaded.
            return [];
        }
    }

    private static ModelSettings ShortForm(TranscriptionOptions options) => new()
    {
        Name = options.ModelName ?? DefaultName,
        Path = options.ModelPath ?? DefaultPath,
        Aliases = options.Aliases,
    };
}
