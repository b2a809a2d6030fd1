using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>What the router knows of one worker beyond its lease. Guarded by the pool's lock.</summary>
internal sealed class WorkerState(WorkerLease lease, WorkerHealth health)
{
    public WorkerLease Lease { get; private set; } = lease;

    /// <summary>Requests of this router at the worker.</summary>
    public int InFlight { get; set; }

    /// <summary>Requests of others: what the last lease reported above our own at that moment.</summary>
    public int Others { get; private set; } = Reported(lease);

    /// <summary>What became of this router's requests there.</summary>
    public WorkerHealth Health { get; } = health;

    /// <summary>Place in the round-robin, which moves on by one with each pick of a worker that has its full share, by more with others.</summary>
    public double LastPick { get; set; }

    /// <summary>Whether its lease is gone; the connection closes with the last request.</summary>
    public bool Gone { get; set; }

    public IWorkerConnection? Connection { get; set; }

    public void Renew(WorkerLease lease)
    {
        if (!Equals(lease.Load, Lease.Load))
        {
            Others = Math.Max(0, Reported(lease) - InFlight);
        }

        Lease = lease;
        Gone = false;
    }

    /// <summary>Requests per place, more for a worker that should get less; 1 is just full, above it requests queue.</summary>
    public double Load => (InFlight + Others) / (double)Math.Max(1, Lease.Capabilities.ConcurrentRequestLimit) / Health.Share;

    private static int Reported(WorkerLease lease) =>
        (lease.Load?.ActiveRequestCount ?? 0) + (lease.Load?.QueuedRequestCount ?? 0);
}
