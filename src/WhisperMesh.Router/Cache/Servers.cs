using System.Text;
using WhisperMesh.Router.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>
/// Who may serve a request now, by what decides the result: weights, program and device. A result of any of them may be given for
/// the request, and a result of anyone else, such as a fallback, may not.
/// </summary>
/// <param name="matches">Those that may serve it.</param>
/// <param name="rules">By what rules one of them is chosen.</param>
internal sealed class Servers(IEnumerable<WorkerMatch> matches, string rules)
{
    private const string FallbackReason = "fallback";

    private readonly SortedSet<string> _engines = new(matches.Select(EngineOf).OfType<string>(), StringComparer.Ordinal);

    /// <summary>Whether nobody can be told by its weights, so that no result may be kept.</summary>
    public bool AreUnknown => _engines.Count == 0;

    /// <summary>Whether a result is one of theirs.</summary>
    public bool Made(RouteTaken? route, IEnumerable<WorkerLease> workers) =>
        route is not null
        && !route.Reason.StartsWith(FallbackReason, StringComparison.Ordinal)
        && workers
            .Where(worker => worker.WorkerId == route.WorkerId)
            .SelectMany(worker => worker.Capabilities.Models, (worker, model) => new WorkerMatch(worker, model))
            .Where(match => match.Model.Model.Id == route.Model || match.Model.Model.Aliases.Contains(route.Model))
            .Any(match => EngineOf(match) is { } engine && _engines.Contains(engine));

    /// <summary>The same for the same servers and rules.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Join('\n', _engines) + '\n' + rules);

    // What an upstream runs nobody can tell: its own name for the model has to do, and the tenant alone gets it again.
    private static string? EngineOf(WorkerMatch match)
    {
        var (worker, model) = (match.Worker, match.Model.Model);
        return !worker.Address.StartsWith("http", StringComparison.Ordinal) ? $"{worker.Address} {model.Id}"
            : model.Revision.Length == 0 ? null
            : $"{model.Revision} {worker.Capabilities.Version} {worker.Capabilities.Device}";
    }
}
