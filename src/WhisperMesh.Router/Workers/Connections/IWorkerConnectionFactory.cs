using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers.Connections;

/// <summary>Opens connections to workers of one sort.</summary>
internal interface IWorkerConnectionFactory
{
    /// <summary>Whether the lease is of this sort.</summary>
    bool Serves(WorkerLease lease);

    /// <summary>Opens a connection, which its owner disposes; nothing is sent yet.</summary>
    IWorkerConnection Open(WorkerLease lease);
}
