using Microsoft.Extensions.Options;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Admission;

/// <summary>
/// Lets requests through to the workers: at once where one of them has a free place, else by class and fair between tenants as
/// places become free. What can't be served in time is refused at once. What other routers have at the workers is known from the
/// leases; no router leads.
/// </summary>
/// <remarks>One lock guards all state. The pool's lock may be taken while it is held, never the other way round.</remarks>
internal sealed class AdmissionQueue : IDisposable
{
    /// <summary>Beat on which the queue is looked at without an event: limits recover and reported loads grow old.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private readonly Lock _gate = new();
    private readonly WorkerPool _pool;
    private readonly IWorkerDirectory _directory;
    private readonly AdmissionOptions _options;
    private readonly AdmissionMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly FairQueue _queue;
    private readonly Lanes _lanes;
    private readonly ITimer _beat;
    private int _onTheirWay;
    private int _waiting;
    private int _dispatchDue;

    public AdmissionQueue(
        WorkerPool pool, IWorkerDirectory directory, IOptions<AdmissionOptions> options, AdmissionMetrics metrics, TimeProvider time)
    {
        (_pool, _directory, _options, _metrics, _time) = (pool, directory, options.Value, metrics, time);
        _queue = new FairQueue(_options.Aging, time);
        _lanes = new Lanes(time);
        pool.Freed += Dispatch;
        directory.Changed += Dispatch;
        _beat = time.CreateTimer(_ => Dispatch(), null, Beat, Beat);
        metrics.Observe(Snapshot, pool.Limits);
    }

    /// <summary>Waits for leave to go to a worker.</summary>
    /// <exception cref="MeshException">It would come too late, the queue is full, or its deadline has passed.</exception>
    public async ValueTask<AdmissionGrant> EnterAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_gate)
        {
            if (IsLate(request))
            {
                throw Shed(request, ShedReasons.Deadline, MeshException.DeadlineExceeded());
            }

            var onTheirWay = Volatile.Read(ref _onTheirWay);
            var room = Room(request);
            // Where nobody can serve it, the relay says why.
            if (room is null || (_queue.Count == 0 && room.Value.Free > onTheirWay))
            {
                ThrowIfHopeless(request, room);
                _queue.Charge(request, CostOf(request, room));
                return Grant(request, CostOf(request, room));
            }

            waiter = new Waiter(request, _lanes.Of(request), CostOf(request, room), _time.GetTimestamp());
            Add(waiter);
            DispatchLocked();
            if (!waiter.Answer.Task.IsCompleted)
            {
                Bound(waiter, room.Value);
            }
        }

        return await WaitAsync(waiter, cancellationToken);
    }

    public void Dispose()
    {
        _pool.Freed -= Dispatch;
        _directory.Changed -= Dispatch;
        _beat.Dispose();
    }

    /// <summary>A request that was let through has reached its worker, or is over. May be called with the pool's lock held.</summary>
    internal void OnArrived()
    {
        Interlocked.Decrement(ref _onTheirWay);
        if (Volatile.Read(ref _waiting) > 0 && Interlocked.Exchange(ref _dispatchDue, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.Dispatch(), this, preferLocal: false);
        }
    }

    /// <summary>A request turned out to be more work than its tenant was charged for, or less.</summary>
    internal void Settle(AdmissionRequest request, double difference)
    {
        if (difference != 0)
        {
            lock (_gate)
            {
                _queue.Correct(request, difference);
            }
        }
    }

    private void Dispatch()
    {
        Volatile.Write(ref _dispatchDue, 0);
        if (Volatile.Read(ref _waiting) > 0)
        {
            lock (_gate)
            {
                DispatchLocked();
            }
        }
    }

    private void DispatchLocked()
    {
        var onTheirWay = Volatile.Read(ref _onTheirWay);
        var granted = 0;
        var rooms = new Dictionary<(Lane, int), WorkerRoom?>();
        while (_queue.Take(Fits) is { } next)
        {
            Removed(next);
            if (IsLate(next.Request))
            {
                _queue.Correct(next.Request, -next.Cost);
                next.Answer.TrySetException(Shed(next.Request, ShedReasons.Deadline, MeshException.DeadlineExceeded()));
                continue;
            }

            granted++;
            next.Lane.Drain.Leaves(next.Cost);
            _metrics.Waited(next.Request.Plan.Class, _time.GetElapsedTime(next.Since));
            next.Answer.TrySetResult(Grant(next.Request, next.Cost));
        }

        bool Fits(Waiter waiter)
        {
            if (!rooms.TryGetValue((waiter.Lane, waiter.Class), out var room))
            {
                rooms[(waiter.Lane, waiter.Class)] = room = Room(waiter.Request);
            }

            return room is null || room.Value.Free > onTheirWay + granted || IsLate(waiter.Request);
        }
    }

    /// <summary>Refuses the newcomer, or whoever has to make room for it.</summary>
    private void Bound(Waiter waiter, WorkerRoom room)
    {
        var wait = waiter.Lane.WaitOf(waiter, _queue, room.Workers);
        var known = waiter.Lane.Drain.IsMeasured || room.Measured;
        var end = wait + (waiter.Request.Plan.Work!.Complete ? room.Latency ?? TimeSpan.Zero : TimeSpan.Zero);
        if (known && waiter.Request.Deadline is { } deadline && _time.GetUtcNow().UtcDateTime + end > deadline)
        {
            Take(waiter);
            throw Shed(waiter.Request, ShedReasons.Late, AdmissionErrors.TooLate(end, wait));
        }

        if (known && wait > _options.MaxWait)
        {
            Take(waiter);
            throw Shed(waiter.Request, ShedReasons.Wait, AdmissionErrors.TooLong(wait, wait - _options.MaxWait));
        }

        while (_queue.Count > _options.QueueLimit || (_queue.Cost > _options.QueuedWorkLimit.TotalSeconds && _queue.Count > 1))
        {
            var victim = _queue.Heaviest()!;
            var drain = victim.Lane.WaitOf(victim, _queue, room.Workers);
            var error = _queue.HasItsShare(victim.Request)
                ? Shed(victim.Request, ShedReasons.Share, AdmissionErrors.OwnShareFull(drain))
                : Shed(victim.Request, ShedReasons.Full, AdmissionErrors.QueueFull(drain));
            Take(victim);
            if (victim == waiter)
            {
                throw error;
            }

            victim.Answer.TrySetException(error);
        }
    }

    private void ThrowIfHopeless(AdmissionRequest request, WorkerRoom? room)
    {
        if (request.Plan.Work!.Complete && room?.Latency is { } latency
            && request.Deadline is { } deadline && _time.GetUtcNow().UtcDateTime + latency > deadline)
        {
            throw Shed(request, ShedReasons.Late, AdmissionErrors.TooLate(latency, TimeSpan.Zero));
        }
    }

    private async Task<AdmissionGrant> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            var left = waiter.Request.Deadline is { } deadline ? deadline - _time.GetUtcNow().UtcDateTime : LongestTimer;
            var patience = left < TimeSpan.Zero ? TimeSpan.Zero : left;
            return patience < LongestTimer
                ? await waiter.Answer.Task.WaitAsync(patience, _time, cancellationToken)
                : await waiter.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            bool waited;
            lock (_gate)
            {
                waited = Take(waiter);
            }

            // Answered in the same moment.
            if (!waited && waiter.Answer.Task is { IsCompletedSuccessfully: true } answered)
            {
                (await answered).Dispose();
            }

            if (exception is OperationCanceledException)
            {
                _metrics.Shed(waiter.Request.Plan.Class, ShedReasons.Cancelled);
                throw;
            }

            throw Shed(waiter.Request, ShedReasons.Deadline, MeshException.DeadlineExceeded());
        }
    }

    private void Add(Waiter waiter)
    {
        _queue.Add(waiter);
        _waiting++;
        waiter.Lane.Waiting++;
        waiter.Lane.Drain.Waits(true);
    }

    private bool Take(Waiter waiter)
    {
        var waited = _queue.Remove(waiter);
        if (waited)
        {
            Removed(waiter);
        }

        return waited;
    }

    private void Removed(Waiter waiter)
    {
        _waiting--;
        waiter.Lane.Waiting--;
        waiter.Lane.Drain.Waits(waiter.Lane.Waiting > 0);
    }

    private AdmissionGrant Grant(AdmissionRequest request, double cost)
    {
        Interlocked.Increment(ref _onTheirWay);
        return new AdmissionGrant(this, request, cost);
    }

    private WorkerRoom? Room(AdmissionRequest request)
    {
        try
        {
            var room = _pool.Room(request.Requirements, request.Plan, request.Excluded, _options.WorkerQueueShare);
            return room.Workers > 0 ? room : null;
        }
        catch (MeshException)
        {
            return null;
        }
    }

    private bool IsLate(AdmissionRequest request) => request.Deadline <= _time.GetUtcNow().UtcDateTime;

    private static double CostOf(AdmissionRequest request, WorkerRoom? room) =>
        request.Plan.Work!.AudioSeconds * (room?.SecondsPerAudioSecond ?? 1);

    private MeshException Shed(AdmissionRequest request, string reason, MeshException error)
    {
        _metrics.Shed(request.Plan.Class, reason);
        return error;
    }

    private QueueSnapshot Snapshot(int index)
    {
        lock (_gate)
        {
            var oldest = _queue.CountOf(index) > 0 ? _queue.Of(index).Min(waiter => waiter.Since) : _time.GetTimestamp();
            return new QueueSnapshot(_queue.CountOf(index), _time.GetElapsedTime(oldest));
        }
    }
}
