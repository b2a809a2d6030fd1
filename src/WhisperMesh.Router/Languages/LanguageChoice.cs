using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Languages;

/// <summary>Says whether the way of a request that names no language depends on it: else a worker detects it as it transcribes.</summary>
internal sealed class LanguageChoice(IMeshConfigurationSource configuration, DeclaredWorkers declared)
{
    public bool Matters(TranscriptionJob job)
    {
        var mesh = configuration.Current;
        var allowed = job.Config.LanguageCodes;
        return Deciding(mesh, job).Any(code => allowed.Count == 0 || allowed.Any(other => RequestLanguage.IsSame(code, other)));
    }

    /// <summary>The languages that some worker, upstream or route is for.</summary>
    private IEnumerable<string> Deciding(MeshConfiguration mesh, TranscriptionJob job)
    {
        var workers = declared.Workers
            .Where(worker => worker.Capabilities?.Models.Any(model => model.Model.Kind == ModelKind.Transcription) == true)
            .SelectMany(worker => worker.Capabilities.DedicatedLanguageCodes);
        var upstreams = mesh.Upstreams
            .Where(upstream => job.Plan.AllowsUpstream(upstream.Name))
            .SelectMany(upstream => upstream.Models)
            .SelectMany(model => model.Languages);
        var routes = mesh.Routes
            .Where(route => MayApply(route.Match, job))
            .SelectMany(route => route.Match.Languages)
            .Where(code => code != Values.AutoLanguage);
        return workers.Concat(upstreams).Concat(routes);
    }

    // What a header or a label must be is left to the planner: asked once too often does no harm.
    private static bool MayApply(RouteMatchSettings match, TranscriptionJob job)
    {
        var task = job.Config.Task == TranscriptionTask.Translate ? WorkerFeatures.Translate : WorkerFeatures.Transcribe;
        return (match.Tenants.Count == 0 || match.Tenants.Contains(job.Origin.Caller.TenantId))
            && (match.Tasks.Count == 0 || match.Tasks.Contains(task));
    }
}
