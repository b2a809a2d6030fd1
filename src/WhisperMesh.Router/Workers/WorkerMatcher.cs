using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>A worker and the model of it that would serve.</summary>
internal readonly record struct WorkerMatch(WorkerLease Worker, WorkerModel Model);

/// <summary>Says which workers can serve a request, or, when none can, what of the request stands in the way.</summary>
internal static class WorkerMatcher
{
    /// <exception cref="MeshException">No worker can serve the request; the message says why.</exception>
    public static IReadOnlyList<WorkerMatch> Match(IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements)
    {
        var ofKind = workers
            .Where(worker => worker.Capabilities is not null)
            .SelectMany(worker => worker.Capabilities.Models, (worker, model) => new WorkerMatch(worker, model))
            .Where(match => match.Model.Model.Kind == requirements.Kind)
            .ToList();
        if (ofKind.Count == 0)
        {
            throw RouterErrors.NoWorker(requirements.Kind);
        }

        var named = ByModel(ofKind, requirements.Model);
        if (named.Count == 0)
        {
            throw RouterErrors.ModelNotFound(requirements.Model);
        }

        var speaking = named.Where(match => Speaks(match.Model.Model, requirements.Language)).ToList();
        if (speaking.Count == 0)
        {
            throw RouterErrors.LanguageNotSupported(requirements.Language, named[0].Model.Model.Id);
        }

        foreach (var language in requirements.AllowedLanguages)
        {
            speaking.RemoveAll(match => !Speaks(match.Model.Model, language));
            if (speaking.Count == 0)
            {
                throw RouterErrors.LanguageNotSupported(language, named[0].Model.Model.Id, "language_codes");
            }
        }

        foreach (var feature in requirements.Features)
        {
            speaking.RemoveAll(match => !match.Model.Features.Contains(feature));
            if (speaking.Count == 0)
            {
                throw RouterErrors.FeatureMissing(feature, named[0].Model.Model.Id);
            }
        }

        return ByPreference(speaking, requirements);
    }

    private static List<WorkerMatch> ByModel(List<WorkerMatch> all, string name)
    {
        if (name.Length > 0)
        {
            return [.. all.Where(match => match.Model.Model.Id == name || match.Model.Model.Aliases.Contains(name))];
        }

        List<WorkerMatch> byDefault = [.. all.Where(match => match.Model.IsDefault)];
        return byDefault.Count > 0 ? byDefault : all;
    }

    private static bool Speaks(Model model, string language) =>
        language.Length == 0 || model.LanguageCodes.Count == 0
        || model.LanguageCodes.Any(code => Primary(code).Equals(Primary(language), StringComparison.OrdinalIgnoreCase));

    private static string Primary(string language) => language.Split('-', 2)[0];

    private static List<WorkerMatch> ByPreference(List<WorkerMatch> matches, WorkerRequirements requirements)
    {
        if (requirements.CompressedAudio != CompressedAudio.None)
        {
            var able = matches.Where(match => match.Worker.Capabilities.CompressedAudio).ToList();
            if (able.Count == 0 && requirements.CompressedAudio == CompressedAudio.Required)
            {
                throw RouterErrors.FfmpegMissing(requirements.Kind);
            }

            matches = able.Count > 0 ? able : matches;
        }

        var withVoice = matches.Where(match => match.Model.Model.Voices.Any(voice => voice.Id == requirements.Voice)).ToList();
        return withVoice.Count > 0 ? withVoice : matches;
    }
}
