using WhisperMesh.Router.Routing.Policies;

namespace WhisperMesh.Router.Workers.Health;

/// <summary>What a worker's health means beside that of the others. Called with the pool's lock held.</summary>
internal static class PoolHealth
{
    /// <summary>Whether enough workers of its models would be left.</summary>
    public static bool MayEject(WorkerState worker, IReadOnlyCollection<WorkerState> all, HealthOptions options)
    {
        var models = worker.Lease.Capabilities.Models.Select(model => model.Model.Id).ToHashSet();
        var pool = all.Where(other => !other.Gone && other.Lease.Capabilities.Models.Any(model => models.Contains(model.Model.Id))).ToList();
        var ejected = pool.Count(other => other != worker && other.Health.IsEjected);
        return ejected + 1 <= Math.Floor(pool.Count * options.MaxEjectedShare);
    }

    /// <summary>Requests that a worker's failure leaves without one; what is above its places was more than it should have had.</summary>
    public static int Displaced(WorkerState worker) =>
        Math.Min(worker.InFlight, worker.Lease.Capabilities.ConcurrentRequestLimit + (worker.Lease.Capabilities.ConcurrentRequestLimit / 4));

    /// <summary>Lets each know how fast the fastest is.</summary>
    public static void CompareSpeeds(IReadOnlyCollection<WorkerCandidate> candidates)
    {
        var fastest = candidates.Min(candidate => candidate.State.Health.NormalizedLatency);
        foreach (var candidate in candidates)
        {
            candidate.State.Health.FastestLatency = fastest;
        }
    }
}
