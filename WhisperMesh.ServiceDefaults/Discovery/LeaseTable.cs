using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>The leases last seen. Not thread-safe: its one owner is the directory's loop.</summary>
internal sealed class LeaseTable
{
    private readonly Dictionary<string, (WorkerLease Lease, DateTimeOffset SeenAt)> _leases = new(StringComparer.Ordinal);

    /// <summary>Takes in a full read of Redis and drops what is missing from it.</summary>
    /// <param name="leases">All leases that Redis holds.</param>
    /// <param name="now">Time of the read.</param>
    /// <param name="connectedSince">Since when Redis has been connected; null when it has just been lost.</param>
    /// <returns>Whether anything changed.</returns>
    /// <remarks>
    /// A Redis that was restarted may have lost every lease while the workers live on. Until they had the time to renew, what
    /// was seen before the break stays; a worker that is really gone refuses its next call at once.
    /// </remarks>
    public bool Replace(IEnumerable<WorkerLease> leases, DateTimeOffset now, DateTimeOffset? connectedSince)
    {
        var changed = false;
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var lease in leases)
        {
            present.Add(lease.WorkerId);
            changed |= Set(lease, now);
        }

        foreach (var (id, (_, seenAt)) in _leases)
        {
            var settled = connectedSince is { } since && (seenAt >= since || now - since >= LeaseKeys.Duration);
            if (!present.Contains(id) && settled)
            {
                changed |= _leases.Remove(id);
            }
        }

        return changed;
    }

    public bool Set(WorkerLease lease, DateTimeOffset now)
    {
        var changed = !_leases.TryGetValue(lease.WorkerId, out var known) || !known.Lease.Equals(lease);
        _leases[lease.WorkerId] = (lease, now);
        return changed;
    }

    public bool Remove(string workerId) => _leases.Remove(workerId);

    public IReadOnlyList<WorkerLease> Snapshot() =>
        [.. _leases.Values.Select(entry => entry.Lease).OrderBy(lease => lease.WorkerId, StringComparer.Ordinal)];
}
