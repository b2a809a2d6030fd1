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

    private void Update()
    {
        lock (_gate)
        {
            var present = directory.Workers
                .SelectMany(worker => worker.Capabilities?.Models ?? [])
                .SelectMany(model => model.Model.Aliases.Prepend(model.Model.Id), (model, name) => new ModelName(model.Model.Kind, name))
                .ToHashSet();
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
