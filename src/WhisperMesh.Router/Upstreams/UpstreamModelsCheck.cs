using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Checks the models of an upstream.</summary>
internal static class UpstreamModelsCheck
{
    private const string VerboseJson = "verbose_json";

    private static readonly string[] Formats = [VerboseJson, "json", "text"];

    public static IEnumerable<string> Check(UpstreamSettings upstream)
    {
        if (upstream.Models.Count == 0)
        {
            yield return "models: there must be at least one.";
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (model, i) in upstream.Models.Select((model, i) => (model, i)))
        {
            if (model.Id.Length == 0 || model.As is { Length: 0 })
            {
                yield return $"models[{i}].id: must not be empty, nor must \"as\".";
            }
            else if (!ids.Add(model.PublicId()))
            {
                yield return $"models[{i}].as: there is another model '{model.PublicId()}'.";
            }

            foreach (var error in CheckOne(model))
            {
                yield return $"models[{i}].{error}";
            }
        }
    }

    private static IEnumerable<string> CheckOne(UpstreamModelSettings model)
    {
        foreach (var feature in model.Features.Except(UpstreamFeatures.Known))
        {
            yield return $"features: there is no '{feature}'; there are {string.Join(", ", UpstreamFeatures.Known)}.";
        }

        foreach (var field in model.Fields.Where(field => field != UpstreamFeatures.AllFields).Except(UpstreamFeatures.KnownFields))
        {
            yield return $"fields: there is no '{field}'; there are {string.Join(", ", UpstreamFeatures.KnownFields)}, and \"*\" for all.";
        }

        var transcribes = model.Features.Any(feature => feature is WorkerFeatures.Transcribe or WorkerFeatures.Translate);
        if (transcribes == model.Speaks())
        {
            yield return "features: must have \"transcribe\" or \"translate\", or \"synthesize\", but not both sorts.";
        }

        if (!Formats.Contains(model.ResponseFormat))
        {
            yield return $"responseFormat: must be one of {string.Join(", ", Formats)}.";
        }

        if (model.ResponseFormat != VerboseJson && model.Features.Contains(WorkerFeatures.WordTimestamps))
        {
            yield return "responseFormat: word-timestamps need \"verbose_json\".";
        }

        if (model.Voices.Count > 0 && !model.Speaks())
        {
            yield return "voices: only a model with the feature \"synthesize\" has voices.";
        }

        if (model.PcmSampleRateHz is < 4000 or > 192_000)
        {
            yield return "pcmSampleRateHz: must be between 4000 and 192000.";
        }
    }
}
