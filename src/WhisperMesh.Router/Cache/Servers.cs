using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>
/// Who may serve a request now, by what decides the result: weights, program and device. A result of any of them may be given for
/// the request, and a result of anyone else, such as a fallback, may not.
/// </summary>
internal sealed class Servers
{
    private readonly SortedSet<string> _engines = new(StringComparer.Ordinal);
    private readonly QualitySettings? _quality;

    public Servers(IEnumerable<WorkerMatch> matches, QualitySettings? quality)
    {
        _quality = quality;
        foreach (var match in matches)
        {
            if (EngineOf(match.Worker, match.Model) is { } engine)
            {
                _engines.Add(engine);
            }
        }
    }

    /// <summary>Whether nobody can be told by its weights, so that no result may be kept.</summary>
    public bool AreUnknown => _engines.Count == 0;

    /// <summary>Whether the worker is one of them, by its id and the model that served.</summary>
    public bool Include(IEnumerable<WorkerLease> workers, string workerId, string model) => workers
        .Where(worker => worker.WorkerId == workerId)
        .SelectMany(worker => worker.Capabilities.Models, (worker, served) => (worker, served))
        .Where(match => match.served.Model.Id == model || match.served.Model.Aliases.Contains(model))
        .Any(match => EngineOf(match.worker, match.served) is { } engine && _engines.Contains(engine));

    /// <summary>The same for the same servers.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(
        string.Join('\n', _engines) + '\n' + (_quality is null ? "" : JsonSerializer.Serialize(_quality)));

    // What an upstream runs nobody can tell: its own name for the model has to do, and the tenant alone gets it again.
    private static string? EngineOf(WorkerLease worker, WorkerModel model) =>
        !worker.Address.StartsWith("http", StringComparison.Ordinal) ? $"{worker.Address} {model.Model.Id}"
        : model.Model.Revision.Length == 0 ? null
        : $"{model.Model.Revision} {worker.Capabilities.Version} {worker.Capabilities.Device}";
}
