using StackExchange.Redis;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>The workers' leases, read from Redis.</summary>
internal static class Leases
{
    /// <summary>How long each has to run.</summary>
    internal static async Task<IReadOnlyList<TimeSpan>> RemainingAsync(IConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        var remaining = new List<TimeSpan>();
        foreach (var id in await database.SortedSetRangeByRankAsync("whispermesh:workers"))
        {
            if (await database.KeyTimeToLiveAsync(Key(id)) is { } time)
            {
                remaining.Add(time);
            }
        }

        return remaining;
    }

    /// <summary>Requests that workers work on, by their own account.</summary>
    internal static async Task<int> ActiveRequestsAsync(IConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        var sum = 0;
        foreach (var id in await database.SortedSetRangeByRankAsync("whispermesh:workers"))
        {
            if ((byte[]?)await database.StringGetAsync(Key(id)) is { } value)
            {
                sum += WorkerLease.Parser.ParseFrom(SealedWorkerLease.Parser.ParseFrom(value).Lease).Load.ActiveRequestCount;
            }
        }

        return sum;
    }

    private static RedisKey Key(RedisValue workerId) => $"whispermesh:worker:{workerId}";
}
