using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>The workers that are alive, as far as Redis has told. Reading it never waits.</summary>
public interface IWorkerDirectory
{
    /// <summary>Snapshot, sorted by worker id. A lost Redis leaves the last one standing.</summary>
    IReadOnlyList<WorkerLease> Workers { get; }

    /// <summary>Raised after <see cref="Workers"/> was replaced.</summary>
    event Action? Changed;
}
