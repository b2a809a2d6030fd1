using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>
/// Admission to a worker. <see cref="Admit"/> refuses at once what would not fit into places and queue;
/// <see cref="WorkerTicket.WaitAsync"/> waits for a place, first come, first served. Between the two a request sends and
/// decodes its audio, so that a bad one is refused without ever having held a place.
/// </summary>
/// <remarks>All state is guarded by one lock, never held across an await.</remarks>
public sealed class WorkerGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private readonly int _places;
    private readonly int _queueLimit;
    private readonly DrainState _drain;
    private readonly TimeProvider _timeProvider;
    private readonly IWorkerModels? _models;
    private int _admitted;
    private int _active;
    private long _completed;
    private double _audioSeconds;

    internal WorkerGate(WorkerCapabilities capabilities, DrainState drain, TimeProvider timeProvider, IWorkerModels? models = null)
    {
        (_places, _queueLimit) = (capabilities.ConcurrentRequestLimit, capabilities.QueueLimit);
        (_drain, _timeProvider, _models) = (drain, timeProvider, models);
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
            // Asked for outside the lock: the models have one of their own.
            var models = _models?.States ?? [];
            lock (_lock)
            {
                return new WorkerLoad
                {
                    ActiveRequestCount = _active,
                    QueuedRequestCount = _admitted - _active,
                    CompletedRequestCount = _completed,
                    AudioSeconds = _audioSeconds,
                    Draining = _drain.IsDraining,
                    Models = { models },
                };
            }
        }
    }

    /// <summary>Lets a request in, to send its data and to wait for a place.</summary>
    /// <exception cref="MeshException">The queue is full, or the worker is shutting down.</exception>
    public WorkerTicket Admit()
    {
        if (_drain.IsDraining)
        {
            throw MeshException.Unavailable(
                ErrorReasons.Draining, "This worker is shutting down and takes no new requests.", TimeSpan.FromSeconds(1));
        }

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
        return new WorkerTicket(this);
    }

    internal async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
    {
        var begin = _timeProvider.GetTimestamp();
        LinkedListNode<TaskCompletionSource>? node = null;
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_active < _places)
            {
                _active++;
            }
            else
            {
                node = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        if (node is not null)
        {
            await using var registration = cancellationToken.Register(() => GiveUp(node, cancellationToken));
            await node.Value.Task;
        }

        Changed?.Invoke();
        return _timeProvider.GetElapsedTime(begin);
    }

    internal void Leave(bool hadPlace, TimeSpan audio)
    {
        lock (_lock)
        {
            _admitted--;
            _completed++;
            _audioSeconds += audio.TotalSeconds;
            if (hadPlace && _waiting.First is { } next)
            {
                // The place goes to the next in line without becoming free in between.
                _waiting.RemoveFirst();
                next.Value.SetResult();
            }
            else if (hadPlace)
            {
                _active--;
            }
        }

        Changed?.Invoke();
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Out of the list: it has been given a place already, which its ticket returns.
            if (node.List is null)
            {
                return;
            }

            _waiting.Remove(node);
        }

        node.Value.SetCanceled(cancellationToken);
    }
}
