using StackExchange.Redis;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Where leases stand in Redis.</summary>
internal static class LeaseKeys
{
    /// <summary>Sorted set of worker ids, by the time at which the lease runs out, in Unix milliseconds of Redis' clock.</summary>
    public static readonly RedisKey Index = "whispermesh:workers";

    /// <summary>Channel that carries the id of each worker whose lease changed.</summary>
    public static readonly RedisChannel Changed = RedisChannel.Literal("whispermesh:workers:changed");

    /// <summary>A lease's life; long enough to sit out four missed renewals.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);

    /// <summary>Time between renewals.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(3);

    /// <summary>Written by whoever comes first and never changed: when it is, Redis has lost its data.</summary>
    public static readonly RedisKey DataMark = "whispermesh:data";

    /// <summary>Key of a lease: a SealedWorkerLease message.</summary>
    public static RedisKey Lease(string workerId) => $"whispermesh:worker:{workerId}";
}
