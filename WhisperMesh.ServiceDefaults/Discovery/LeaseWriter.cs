using Google.Protobuf;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Writes this worker's leases. One thread uses it, which may be blocked for a second.</summary>
internal sealed class LeaseWriter(LeaseSeal seal, MeshClock clock)
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(1);

    private Task _clockRead = Task.CompletedTask;
    private long _counter;

    /// <summary>Sends the lease with the time and the number that are due.</summary>
    /// <returns>Whether Redis has said so; false where no answer came in time, which is no reason not to send the next.</returns>
    public bool Write(IDatabase database, WorkerLease lease)
    {
        // Later on the answer may come when it likes, the more so as reading it needs a shared thread.
        if (_clockRead.IsCompleted)
        {
            _clockRead = clock.SynchronizeAsync(database);
        }

        if (_counter == 0 && !IsAnswered(_clockRead))
        {
            return false;
        }

        var value = seal.Close(lease, ++_counter).ToByteArray();
        var expiry = clock.Now + LeaseKeys.Duration;
        var write = database.StringSetAsync(LeaseKeys.Lease(lease.WorkerId), value, LeaseKeys.Duration);
        database.SortedSetAdd(LeaseKeys.Index, lease.WorkerId, expiry.ToUnixTimeMilliseconds(), CommandFlags.FireAndForget);
        // Workers that were killed leave their id behind.
        database.SortedSetRemoveRangeByScore(
            LeaseKeys.Index,
            double.NegativeInfinity,
            (expiry - TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds(),
            flags: CommandFlags.FireAndForget);
        database.Publish(LeaseKeys.Changed, lease.WorkerId, CommandFlags.FireAndForget);
        return IsAnswered(write);
    }

    /// <summary>Takes it back.</summary>
    public static async Task RemoveAsync(IDatabase database, string workerId)
    {
        var batch = database.CreateBatch();
        Task[] writes =
        [
            batch.KeyDeleteAsync(LeaseKeys.Lease(workerId)),
            batch.SortedSetRemoveAsync(LeaseKeys.Index, workerId),
            batch.PublishAsync(LeaseKeys.Changed, workerId),
        ];
        batch.Execute();
        await Task.WhenAll(writes);
    }

    private static bool IsAnswered(Task task)
    {
        if (Task.WaitAny([task], AnswerPatience) != 0)
        {
            return false;
        }

        task.GetAwaiter().GetResult();
        return true;
    }
}
