using System.Text.Json;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>Says who may serve a request, and whether a result is one of theirs.</summary>
internal sealed class ServerBook(PoolMatcher matcher, DeclaredWorkers declared, IMeshConfigurationSource configuration)
{
    private volatile Rules _rules = new(MeshConfiguration.Empty);

    public Servers Of(TranscriptionJob job)
    {
        var first = matcher.Candidates(job.Requirements, job.Plan);
        var rules = RulesNow();
        if (first.Count == 0 || !MayGoElsewhere(job, rules))
        {
            return new Servers(first, rules.Text + JsonSerializer.Serialize(job.Plan.Quality));
        }

        // Where it goes shows on the way: then all are in question, and which they are is told by what chooses among them.
        var names = first.Select(match => match.Model.Model.Id).Distinct().Order(StringComparer.Ordinal);
        var all = declared.Workers
            .Where(worker => worker.Capabilities is not null && PoolMembers.Has(Routing.RoutePool.Any, job.Plan, worker))
            .SelectMany(worker => worker.Capabilities.Models, (worker, model) => new WorkerMatch(worker, model))
            .Where(match => match.Model.Model.Kind == ModelKind.Transcription);
        return new Servers(
            all, string.Join('\n', [rules.Text, job.Plan.Name, .. names, JsonSerializer.Serialize(job.Plan.Quality)]));
    }

    public bool IsOneOf(Servers servers, RouteTaken? route) => servers.Made(route, declared.Workers);

    /// <summary>Whether the language that is heard, or a doubtful result, sends the request on another way.</summary>
    private bool MayGoElsewhere(TranscriptionJob job, Rules rules) =>
        job.Plan.Quality?.Action == "retry"
        || (job.Config.LanguageCode.Length == 0
            && (rules.NameLanguages || declared.Workers.Any(worker => worker.Capabilities?.DedicatedLanguageCodes.Count > 0)));

    private Rules RulesNow()
    {
        var (rules, current) = (_rules, configuration.Current);
        return ReferenceEquals(rules.Configuration, current) ? rules : _rules = new Rules(current);
    }

    /// <summary>What of a configuration decides where requests go. Made once for each.</summary>
    private sealed class Rules(MeshConfiguration configuration)
    {
        public MeshConfiguration Configuration => configuration;

        public string Text { get; } = configuration.Routes.Count == 0 && configuration.Models.Count == 0
            ? ""
            : JsonSerializer.Serialize(configuration.Models) + JsonSerializer.Serialize(configuration.Routes);

        public bool NameLanguages { get; } =
            configuration.Routes.Any(route => route.Match.Languages.Count > 0)
            || configuration.Upstreams.Any(upstream => upstream.Models.Any(model => model.Languages.Count > 0));
    }
}
