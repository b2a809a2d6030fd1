using System.Diagnostics.CodeAnalysis;
using WhisperMesh.Router.Routing;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>A worker and the model of it that would serve.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Model">The model.</param>
/// <param name="IsDedicated">Whether it is meant for the request's language in particular.</param>
internal readonly record struct WorkerMatch(WorkerLease Worker, WorkerModel Model, bool IsDedicated = false);

/// <summary>Says which workers can serve a request, or, when none can, what of the request stands in the way.</summary>
internal static class WorkerMatcher
{
    /// <exception cref="MeshException">No worker can serve the request; the message says why.</exception>
    public static IReadOnlyList<WorkerMatch> Match(IReadOnlyList<WorkerLease> workers, WorkerRequirements requirements) =>
        TryMatch(workers, requirements, RoutePool.Any, out var matches, out var failure) ? matches : throw failure;

    /// <param name="workers">Those that may serve at all.</param>
    /// <param name="requirements">What the request needs.</param>
    /// <param name="pool">The pool that is asked; its model goes before the request's.</param>
    /// <param name="matches">At least one, where the answer is true.</param>
    /// <param name="failure">Why there is none.</param>
    public static bool TryMatch(
        IReadOnlyList<WorkerLease> workers,
        WorkerRequirements requirements,
        RoutePool pool,
        out IReadOnlyList<WorkerMatch> matches,
        [NotNullWhen(false)] out MeshException? failure)
    {
        matches = [];
        var ofKind = workers
            .Where(worker => worker.Capabilities is not null)
            .SelectMany(worker => worker.Capabilities.Models, (worker, model) => new WorkerMatch(worker, model))
            .Where(match => match.Model.Model.Kind == requirements.Kind)
            .ToList();
        if (ofKind.Count == 0)
        {
            failure = RouterErrors.NoWorker(requirements.Kind);
            return false;
        }

        var model = pool.Model ?? requirements.Model;
        var able = ByModel(ofKind, model);
        if (able.Count == 0)
        {
            failure = RouterErrors.ModelNotFound(model);
            return false;
        }

        failure = LanguageMatch.Keep(able, requirements, pool.Language) ?? KeepFeatures(able, requirements);
        if (failure is null && requirements.CompressedAudio != CompressedAudio.None)
        {
            failure = KeepDecoders(able, requirements);
        }

        matches = failure is null ? WithVoice(able, requirements.Voice) : [];
        return failure is null;
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

    private static MeshException? KeepFeatures(List<WorkerMatch> matches, WorkerRequirements requirements)
    {
        var model = matches[0].Model.Model.Id;
        foreach (var feature in requirements.Features)
        {
            matches.RemoveAll(match => !match.Model.Features.Contains(feature));
            if (matches.Count == 0)
            {
                return RouterErrors.FeatureMissing(feature, model);
            }
        }

        return null;
    }

    private static MeshException? KeepDecoders(List<WorkerMatch> matches, WorkerRequirements requirements)
    {
        if (matches.Any(match => match.Worker.Capabilities.CompressedAudio))
        {
            matches.RemoveAll(match => !match.Worker.Capabilities.CompressedAudio);
            return null;
        }

        return requirements.CompressedAudio == CompressedAudio.Required ? RouterErrors.FfmpegMissing(requirements.Kind) : null;
    }

    private static List<WorkerMatch> WithVoice(List<WorkerMatch> matches, string id)
    {
        var withVoice = matches.Where(match => match.Model.Model.Voices.Any(voice => voice.Id == id)).ToList();
        return withVoice.Count > 0 ? withVoice : matches;
    }
}
