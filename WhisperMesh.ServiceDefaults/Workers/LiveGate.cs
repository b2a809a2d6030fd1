using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>
/// Admission of live streams. They have places beside the requests': a stream stays for hours and asks for little at a time. None
/// waits for a place, since nobody can speak into a queue. Their numbers become part of the worker's load.
/// </summary>
/// <remarks>All state is guarded by one lock.</remarks>
public sealed class LiveGate
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly int _limit;
    private readonly DrainState _drain;
    private int _count;
    private long _completed;
    private double _audioSeconds;

    internal LiveGate(WorkerCapabilities capabilities, DrainState drain) => (_limit, _drain) = (capabilities.LiveStreamLimit, drain);

    /// <summary>Raised after a stream came or went, on the thread that did it.</summary>
    public event Action? Changed;

    /// <summary>Streams that are served now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Lets a stream in.</summary>
    /// <exception cref="MeshException">There are as many as there may be, or the worker is shutting down.</exception>
    public LiveTicket Admit()
    {
        _drain.ThrowIfDraining();
        lock (_lock)
        {
            if (_count >= _limit)
            {
                throw MeshException.ResourceExhausted(
                    ErrorReasons.QueueFull, $"The worker serves {_count} live streams; it takes no more.", RetryPause);
            }

            _count++;
        }

        Changed?.Invoke();
        return new LiveTicket(this);
    }

    internal void Leave(TimeSpan audio)
    {
        lock (_lock)
        {
            _count--;
            _completed++;
            _audioSeconds += audio.TotalSeconds;
        }

        Changed?.Invoke();
    }

    internal void AddTo(WorkerLoad load)
    {
        lock (_lock)
        {
            load.LiveStreamCount = _count;
            load.CompletedRequestCount += _completed;
            load.AudioSeconds += _audioSeconds;
        }
    }
}
