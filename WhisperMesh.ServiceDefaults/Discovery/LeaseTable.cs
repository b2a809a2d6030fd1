using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>A lease that was found good.</summary>
/// <param name="Lease">What the worker says of itself.</param>
/// <param name="Counter">Which of its leases it is.</param>
internal readonly record struct TrustedLease(WorkerLease Lease, long Counter);

/// <summary>The leases last seen. Not thread-safe: its one owner is the directory's loop.</summary>
/// <remarks>Times are read from a monotonic clock, in any one origin: wall clocks are set while a process runs.</remarks>
internal sealed class LeaseTable
{
    private readonly Dictionary<string, Entry> _leases = new(StringComparer.Ordinal);

    private sealed record Entry(TrustedLease Known, TimeSpan RenewedAt);

    /// <summary>Takes in a full read of Redis and drops what is missing from it and has run out.</summary>
    /// <param name="leases">All leases that Redis holds.</param>
    /// <param name="now">Time of the read.</param>
    /// <param name="connectedSince">Since when Redis has been connected; null when it has just been lost.</param>
    /// <returns>Whether anything changed.</returns>
    /// <remarks>
    /// Redis may lose every lease, by a restart or by an accident, while the workers live on. So what was seen stays for as long as
    /// its lease would have lasted, and after a break until the workers had the time to renew; a worker that is really gone refuses
    /// its next call at once.
    /// </remarks>
    public bool Replace(IEnumerable<TrustedLease> leases, TimeSpan now, TimeSpan? connectedSince)
    {
        var changed = false;
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var lease in leases)
        {
            present.Add(lease.Lease.WorkerId);
            changed |= Set(lease, now);
        }

        foreach (var (id, (_, renewedAt)) in _leases)
        {
            var settled = connectedSince is { } since && (renewedAt >= since || now - since >= LeaseKeys.Duration);
            if (!present.Contains(id) && settled && now - renewedAt >= LeaseKeys.Duration)
            {
                changed |= _leases.Remove(id);
            }
        }

        return changed;
    }

    /// <summary>Takes in one lease, unless a later one of that worker is known.</summary>
    public bool Set(TrustedLease lease, TimeSpan now)
    {
        if (!_leases.TryGetValue(lease.Lease.WorkerId, out var entry))
        {
            _leases[lease.Lease.WorkerId] = new Entry(lease, now);
            return true;
        }

        if (lease.Counter <= entry.Known.Counter)
        {
            return false;
        }

        _leases[lease.Lease.WorkerId] = new Entry(lease, now);
        return !entry.Known.Lease.Equals(lease.Lease);
    }

    public bool Remove(string workerId) => _leases.Remove(workerId);

    public IReadOnlyList<WorkerLease> Snapshot() =>
        [.. _leases.Values.Select(entry => entry.Known.Lease).OrderBy(lease => lease.WorkerId, StringComparer.Ordinal)];
}
