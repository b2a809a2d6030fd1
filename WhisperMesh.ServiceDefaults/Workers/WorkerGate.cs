using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>
/// Admission to a worker. <see cref="Admit"/> refuses at once what would not fit into places and queue;
/// <see cref="WorkerTicket.WaitAsync"/> waits for a place: the more urgent class first, within one first come, first served.
/// Between the two a request sends and decodes its audio, so that a bad one is refused without ever having held a place. A
/// request whose deadline has passed never gets one.
/// </summary>
/// <remarks>All state is guarded by one lock, never held across an await.</remarks>
public sealed class WorkerGate
{
    private readonly Lock _lock = new();
    private readonly WaitingTickets _waiting;
    private readonly ModelSpeeds _speeds;
    private readonly int _places;
    private readonly int _queueLimit;
    private readonly DrainState _drain;
    private readonly TimeProvider _timeProvider;
    private readonly LiveGate _live;
    private readonly IWorkerModels? _models;
    private int _admitted;
    private int _active;
    private long _completed;
    private double _audioSeconds;

    internal WorkerGate(
        WorkerCapabilities capabilities, DrainState drain, TimeProvider timeProvider, LiveGate live, IWorkerModels? models = null)
    {
        (_places, _queueLimit) = (capabilities.ConcurrentRequestLimit, capabilities.QueueLimit);
        (_drain, _timeProvider, _live, _models) = (drain, timeProvider, live, models);
        _waiting = new WaitingTickets(timeProvider);
        _speeds = new ModelSpeeds(capabilities, timeProvider);
        live.Changed += () => Changed?.Invoke();
        if (models is not null)
        {
            models.Changed += () => Changed?.Invoke();
        }
    }

    /// <summary>Raised after the load changed, on the thread that changed it.</summary>
    public event Action? Changed;

    /// <summary>How busy the worker is now.</summary>
    public WorkerLoad Load
    {
        get
        {
            // Asked for outside the lock: the models have one of their own, as the streams have.
            var models = _models?.States;
            WorkerLoad load;
            lock (_lock)
            {
                load = new WorkerLoad
                {
                    ActiveRequestCount = _active,
                    QueuedRequestCount = _admitted - _active,
                    CompletedRequestCount = _completed,
                    AudioSeconds = _audioSeconds,
                    Draining = _drain.IsDraining,
                    Models = { _speeds.AddTo(models) },
                };
            }

            _live.AddTo(load);
            return load;
        }
    }

    /// <summary>Lets a request in, to send its data and to wait for a place.</summary>
    /// <exception cref="MeshException">The queue is full, the deadline has passed, or the worker is shutting down.</exception>
    public WorkerTicket Admit(WorkerCall call = default)
    {
        _drain.ThrowIfDraining();
        ThrowIfLate(call);
        lock (_lock)
        {
            if (_admitted >= _places + _queueLimit)
            {
                throw MeshException.ResourceExhausted(
                    ErrorReasons.QueueFull,
                    $"The worker works on {_active} requests and {_admitted - _active} wait; it takes no more.",
                    TimeSpan.FromSeconds(1));
            }

            _admitted++;
        }

        Changed?.Invoke();
        return new WorkerTicket(this, call);
    }

    internal async Task<TimeSpan> WaitAsync(WorkerCall call, CancellationToken cancellationToken)
    {
        var begin = _timeProvider.GetTimestamp();
        LinkedListNode<WaitingTickets.Entry>? node = null;
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfLate(call);
            if (_active < _places)
            {
                _active++;
                _speeds.Begin(call.Model);
            }
            else
            {
                node = _waiting.Add(call.Class, call.Deadline);
            }
        }

        if (node is not null)
        {
            await using var registration = cancellationToken.Register(() => GiveUp(node, cancellationToken));
            await node.Value.Place.Task;
            lock (_lock)
            {
                _speeds.Begin(call.Model);
            }
        }

        Changed?.Invoke();
        return _timeProvider.GetElapsedTime(begin);
    }

    internal void OnWorked(WorkerCall call, TimeSpan audio)
    {
        lock (_lock)
        {
            _speeds.Add(call.Model, audio);
        }
    }

    internal void Leave(WorkerCall call, bool hadPlace, TimeSpan audio)
    {
        lock (_lock)
        {
            _admitted--;
            _completed++;
            _audioSeconds += audio.TotalSeconds;
            if (hadPlace)
            {
                _speeds.End(call.Model);
                // The place goes to the next in line without becoming free in between.
                _active -= _waiting.GivePlace() ? 0 : 1;
            }
        }

        Changed?.Invoke();
    }

    private void ThrowIfLate(WorkerCall call)
    {
        if (call.Deadline <= _timeProvider.GetUtcNow().UtcDateTime)
        {
            throw MeshException.DeadlineExceeded();
        }
    }

    private void GiveUp(LinkedListNode<WaitingTickets.Entry> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // It may have been given a place already, which its ticket returns.
            if (!WaitingTickets.Remove(node))
            {
                return;
            }
        }

        node.Value.Place.TrySetCanceled(cancellationToken);
    }
}
