using Nvidia.Riva.Asr;
using WhisperMesh.Router.Models;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Riva;

/// <summary>The models, as Riva's clients look for them.</summary>
internal static class RivaModels
{
    // What Whisper works at.
    private const string SampleRate = "16000";

    /// <param name="name">Only the model of this name; empty: all.</param>
    /// <param name="catalog">What is served now.</param>
    /// <exception cref="MeshException">There is no such model.</exception>
    public static RivaSpeechRecognitionConfigResponse List(string name, ModelCatalog catalog)
    {
        var models = catalog.List()
            .Select(entry => entry.Model)
            .Where(model => model.Kind == ModelKind.Transcription && (name.Length == 0 || model.Id == name || model.Aliases.Contains(name)))
            .ToList();
        if (name.Length > 0 && models.Count == 0)
        {
            throw MeshException.NotFound("model_name", $"The model '{Requests.RequestChecks.Shortened(name)}' does not exist here.");
        }

        var response = new RivaSpeechRecognitionConfigResponse();
        foreach (var model in models)
        {
            response.ModelConfig.Add(Describe(model, streaming: true));
            response.ModelConfig.Add(Describe(model, streaming: false));
        }

        return response;
    }

    private static RivaSpeechRecognitionConfigResponse.Types.Config Describe(Model model, bool streaming) => new()
    {
        ModelName = model.Id,
        Parameters =
        {
            ["type"] = streaming ? "online" : "offline",
            ["streaming"] = streaming ? "True" : "False",
            ["language_code"] = string.Join(',', model.LanguageCodes),
            ["sample_rate"] = SampleRate,
        },
    };
}
