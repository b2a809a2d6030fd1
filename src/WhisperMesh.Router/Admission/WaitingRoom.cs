namespace WhisperMesh.Router.Admission;

/// <summary>Those who wait, each in its lane. Guarded by the queue's lock.</summary>
internal sealed class WaitingRoom(TimeSpan aging, TimeProvider time)
{
    private readonly Lanes _lanes = new(time);
    private int _count;

    public FairQueue Queue { get; } = new(aging, time);

    /// <summary>How many wait; may be read without the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    public Waiter Add(AdmissionRequest request, double cost)
    {
        var waiter = new Waiter(request, _lanes.Of(request), cost, time.GetTimestamp());
        Queue.Add(waiter);
        Volatile.Write(ref _count, _count + 1);
        waiter.Lane.Waiting++;
        waiter.Lane.Drain.Waits(true);
        return waiter;
    }

    /// <summary>Takes out the next that fits, for its turn.</summary>
    public Waiter? Take(Func<Waiter, bool> fits)
    {
        var next = Queue.Take(fits);
        if (next is not null)
        {
            next.Lane.Drain.Leaves(next.Cost);
            Left(next);
        }

        return next;
    }

    /// <summary>Takes out one that will have no turn.</summary>
    /// <returns>False when it does not wait any more.</returns>
    public bool Remove(Waiter waiter)
    {
        var waited = Queue.Remove(waiter);
        if (waited)
        {
            Left(waiter);
        }

        return waited;
    }

    public QueueSnapshot Snapshot(int index)
    {
        var oldest = Queue.CountOf(index) > 0 ? Queue.Of(index).Min(waiter => waiter.Since) : time.GetTimestamp();
        return new QueueSnapshot(Queue.CountOf(index), time.GetElapsedTime(oldest));
    }

    private void Left(Waiter waiter)
    {
        Volatile.Write(ref _count, _count - 1);
        waiter.Lane.Waiting--;
        waiter.Lane.Drain.Waits(waiter.Lane.Waiting > 0);
    }
}
