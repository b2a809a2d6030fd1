using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>What is known of each worker, as long as it has a lease or a request. Guarded by the pool's lock.</summary>
internal sealed class WorkerStates(RouterOptions options, TimeProvider time)
{
    private readonly Dictionary<string, WorkerState> _states = [];
    private IReadOnlyList<WorkerLease>? _synchronized;
    private bool _serves;

    public IReadOnlyCollection<WorkerState> All => _states.Values;

    public WorkerState this[string workerId] => _states[workerId];

    /// <summary>Takes in who is there now.</summary>
    public void Synchronize(IReadOnlyList<WorkerLease> workers)
    {
        // Snapshots are replaced, never changed.
        if (ReferenceEquals(workers, _synchronized))
        {
            return;
        }

        _synchronized = workers;
        foreach (var worker in workers)
        {
            if (_states.TryGetValue(worker.WorkerId, out var state))
            {
                state.Renew(worker);
            }
            else
            {
                _states.Add(worker.WorkerId, new WorkerState(worker, new WorkerHealth(options, time, isNew: _serves), time));
            }
        }

        _serves |= workers.Count > 0;
        var present = workers.Select(worker => worker.WorkerId).ToHashSet(StringComparer.Ordinal);
        foreach (var state in _states.Values.Where(state => !present.Contains(state.Lease.WorkerId)).ToList())
        {
            state.Gone = true;
            CloseIfGone(state);
        }
    }

    /// <summary>Forgets a worker whose lease is gone and that has nothing to do any more.</summary>
    public void CloseIfGone(WorkerState state)
    {
        if (state is { Gone: true, InFlight: 0 })
        {
            _states.Remove(state.Lease.WorkerId);
            if (state.Connection is { } connection)
            {
                // Not here: closing waits for whoever is just cancelling a call there, and that may be waiting for the pool's lock.
                _ = Task.Run(connection.Dispose);
            }
        }
    }

    /// <summary>Forgets all of them.</summary>
    /// <returns>Their connections, to be closed without the lock.</returns>
    public IReadOnlyList<IWorkerConnection> Clear()
    {
        IWorkerConnection[] connections = [.. _states.Values.Select(state => state.Connection).OfType<IWorkerConnection>()];
        _states.Clear();
        _synchronized = null;
        return connections;
    }
}
