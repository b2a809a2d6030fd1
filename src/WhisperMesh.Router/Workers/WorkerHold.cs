using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;

namespace WhisperMesh.Router.Workers;

/// <summary>A worker chosen for one try; counts as load until it is disposed.</summary>
internal sealed class WorkerHold(
    WorkerPool pool, WorkerState state, RunningWork running, IWorkerConnection connection, string reason, bool probing)
    : IDisposable
{
    private int _disposed;

    public string WorkerId { get; } = state.Lease.WorkerId;

    /// <summary>Id of the model that serves, aliases resolved.</summary>
    public string Model { get; } = running.Model;

    public IWorkerConnection Connection { get; } = connection;

    /// <summary>Why it was chosen, for the reply and for traces.</summary>
    public string Reason { get; } = reason;

    /// <summary>Workers that could have been chosen, this one included.</summary>
    public int Alternatives { get; init; } = 1;

    /// <summary>Whether it looks ill, and was chosen for want of another.</summary>
    public bool LooksIll { get; } = !probing && !state.Health.IsAvailable;

    /// <summary>Whether what it gets leaves the mesh.</summary>
    public bool External { get; } = !state.Lease.Address.StartsWith("http", StringComparison.Ordinal);

    /// <summary>Tells how the try ended.</summary>
    /// <returns>Requests that have to move to other workers, when this is what shows that the worker is ill.</returns>
    public int Report(WorkerOutcome outcome) => pool.Report(state, running, outcome);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            pool.Release(state, running, probing);
        }
    }
}
