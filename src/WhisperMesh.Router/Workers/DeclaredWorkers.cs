using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>The workers that are alive, as they say themselves and as the configuration declares on top of it.</summary>
internal sealed class DeclaredWorkers(IWorkerDirectory directory, IMeshConfigurationSource configuration)
{
    private volatile View _view = new([], [], []);

    /// <summary>Snapshot, in the directory's order. Reading it never waits.</summary>
    public IReadOnlyList<WorkerLease> Workers
    {
        get
        {
            var (alive, settings) = (directory.Workers, configuration.Current.Workers);
            var view = _view;
            if (!ReferenceEquals(view.Alive, alive) || !ReferenceEquals(view.Settings, settings))
            {
                // Two requests may both make it, and make the same.
                _view = view = new View(alive, settings, settings.Count == 0 ? alive : [.. alive.Select(worker => Declare(worker, settings))]);
            }

            return view.Declared;
        }
    }

    /// <summary>Whether the configuration lists a model by this id.</summary>
    public bool Lists(string model) => configuration.Current.Models.ContainsKey(model);

    private static WorkerLease Declare(WorkerLease worker, IReadOnlyList<WorkerSettings> settings)
    {
        var matching = settings.Where(each => WorkerDeclaration.Concerns(each.Match, worker)).ToList();
        if (matching.Count == 0 || worker.Capabilities is null)
        {
            return worker;
        }

        var declared = worker.Clone();
        foreach (var each in matching)
        {
            WorkerDeclaration.Apply(each, declared.Capabilities);
        }

        return declared;
    }

    private sealed record View(
        IReadOnlyList<WorkerLease> Alive, IReadOnlyList<WorkerSettings> Settings, IReadOnlyList<WorkerLease> Declared);
}
