using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>
/// Remembers the models whose last worker is gone for a while: a worker that restarts makes its model unavailable, not unknown.
/// Holds only what workers have announced, so callers cannot make it grow.
/// </summary>
internal sealed class KnownModels(IWorkerDirectory directory, IOptions<RouterOptions> options, TimeProvider time) : IHostedService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ModelName, DateTimeOffset> _goneSince = [];
    private HashSet<ModelName> _present = [];
    private HashSet<(ModelName Alias, string Id)> _aliases = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        directory.Changed += Update;
        Update();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        directory.Changed -= Update;
        return Task.CompletedTask;
    }

    /// <summary>Whether a worker serves, or served until lately, a model of this kind by this id or alias.</summary>
    public bool IsKnown(ModelKind kind, string name)
    {
        lock (_gate)
        {
            var model = new ModelName(kind, name);
            return _present.Contains(model) || (_goneSince.TryGetValue(model, out var since) && !IsForgotten(since));
        }
    }

    /// <summary>Whether some worker says that the name leads to the model of this id.</summary>
    public bool IsAlias(ModelKind kind, string alias, string id)
    {
        lock (_gate)
        {
            return _aliases.Contains((new ModelName(kind, alias), id));
        }
    }

    private void Update()
    {
        lock (_gate)
        {
            var models = directory.Workers.SelectMany(worker => worker.Capabilities?.Models ?? []).Select(each => each.Model).ToList();
            _aliases = models.SelectMany(model => model.Aliases, (model, alias) => (new ModelName(model.Kind, alias), model.Id)).ToHashSet();
            var present = models.Select(model => new ModelName(model.Kind, model.Id)).Concat(_aliases.Select(pair => pair.Alias)).ToHashSet();
            foreach (var gone in _present.Except(present))
            {
                _goneSince[gone] = time.GetUtcNow();
            }

            foreach (var (name, _) in _goneSince.Where(entry => present.Contains(entry.Key) || IsForgotten(entry.Value)).ToList())
            {
                _goneSince.Remove(name);
            }

            _present = present;
        }
    }

    private bool IsForgotten(DateTimeOffset since) => time.GetUtcNow() - since >= options.Value.GoneModelMemory;

    private readonly record struct ModelName(ModelKind Kind, string Name);
}
