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

    private readonly Lock _gate = new();
    private readonly WorkerPool _pool;
    private readonly IWorkerDirectory _directory;
    private readonly AdmissionOptions _options;
    private readonly AdmissionMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly WaitingRoom _waiting;
    private readonly AdmissionBounds _bounds;
    private readonly ITimer _beat;
    private int _onTheirWay;
    private int _dispatchDue;
    private bool _disposed;

    public AdmissionQueue(
        WorkerPool pool, IWorkerDirectory directory, IOptions<AdmissionOptions> options, AdmissionMetrics metrics, TimeProvider time)
    {
        (_pool, _directory, _options, _metrics, _time) = (pool, directory, options.Value, metrics, time);
        _waiting = new WaitingRoom(_options.Aging, time);
        _bounds = new AdmissionBounds(_waiting, _options, metrics, time);
        pool.Freed += Dispatch;
        directory.Changed += Dispatch;
        _beat = time.CreateTimer(_ => Dispatch(), null, Beat, Beat);
        metrics.Observe(Snapshot, pool.Limits);
    }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Waits for leave to go to a worker.</summary>
    /// <exception cref="MeshException">It would come too late, the queue is full, or its deadline has passed.</exception>
    public ValueTask<AdmissionGrant> EnterAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_bounds.IsLate(request))
            {
                throw _bounds.Late(request);
            }

            var onTheirWay = Volatile.Read(ref _onTheirWay);
            var room = Room(request);
            var cost = request.Plan.Work!.AudioSeconds * (room?.SecondsPerAudioSecond ?? 1);
            // Where nobody can serve it, the relay says why.
            if (room is null || (_waiting.Count == 0 && room.Value.Free > onTheirWay))
            {
                if (_bounds.Hopeless(request, room) is { } error)
                {
                    throw error;
                }

                _waiting.Queue.Charge(request, cost);
                return ValueTask.FromResult(Grant(request, cost));
            }

            var waiter = _waiting.Add(request, cost);
            DispatchLocked();
            if (!waiter.Answer.Task.IsCompleted)
            {
                _bounds.Check(waiter, room.Value);
            }

            return new ValueTask<AdmissionGrant>(WaitAsync(waiter, cancellationToken));
        }
    }

    public void Dispose()
    {
        _pool.Freed -= Dispatch;
        _directory.Changed -= Dispatch;
        _beat.Dispose();
        lock (_gate)
        {
            _disposed = true;
        }
    }

    /// <summary>A request that was let through has reached its worker, or is over. May be called with the pool's lock held.</summary>
    internal void OnArrived()
    {
        Interlocked.Decrement(ref _onTheirWay);
        if (_waiting.Count > 0 && Interlocked.Exchange(ref _dispatchDue, 1) == 0)
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
                _waiting.Queue.Correct(request, difference);
            }
        }
    }

    private void Dispatch()
    {
        Volatile.Write(ref _dispatchDue, 0);
        if (_waiting.Count > 0)
        {
            lock (_gate)
            {
                // A look that was due may come late, when the pool is gone.
                if (!_disposed)
                {
                    DispatchLocked();
                }
            }
        }
    }

    private void DispatchLocked()
    {
        var onTheirWay = Volatile.Read(ref _onTheirWay);
        var granted = 0;
        var rooms = new Dictionary<(Lane, int), WorkerRoom?>();
        while (_waiting.Take(Fits) is { } next)
        {
            // Work that can't end in time any more is not begun: others can.
            var error = _bounds.IsLate(next.Request)
                ? _bounds.Late(next.Request)
                : _bounds.Hopeless(next.Request, rooms[(next.Lane, next.Class)]);
            if (error is not null)
            {
                _waiting.Queue.Correct(next.Request, -next.Cost);
                next.Answer.TrySetException(error);
                continue;
            }

            granted++;
            next.Lane.Drain.Leaves(next.Cost);
            next.Answer.TrySetResult(Grant(next.Request, next.Cost));
        }

        bool Fits(Waiter waiter)
        {
            if (!rooms.TryGetValue((waiter.Lane, waiter.Class), out var room))
            {
                rooms[(waiter.Lane, waiter.Class)] = room = Room(waiter.Request);
            }

            return room is null || room.Value.Free > onTheirWay + granted || _bounds.IsLate(waiter.Request);
        }
    }

    private async Task<AdmissionGrant> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        try
        {
            var grant = await waiter.WaitAsync(_time, cancellationToken);
            // Here, and not where it was let through: that may be in another request's trace.
            _metrics.Waited(waiter.Request.Plan.Class, _time.GetElapsedTime(waiter.Since));
            return grant;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            bool waited;
            lock (_gate)
            {
                waited = _waiting.Remove(waiter);
            }

            // Answered in the same moment.
            if (!waited && waiter.Answer.Task is { IsCompletedSuccessfully: true } answered)
            {
                (await answered).Dispose();
            }

            if (exception is TimeoutException)
            {
                throw _bounds.Late(waiter.Request);
            }

            _metrics.Shed(waiter.Request.Plan.Class, ShedReasons.Cancelled);
            throw;
        }
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

    /// <summary>A class's part of the queue now; 0 is live, 1 interactive, 2 bulk.</summary>
    public QueueSnapshot Snapshot(int index)
    {
        lock (_gate)
        {
            return _waiting.Snapshot(index);
        }
    }
}
