using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Workers;

/// <summary>What the router knows of one worker beyond its lease. Guarded by the pool's lock.</summary>
internal sealed class WorkerState(WorkerLease lease, WorkerHealth health, TimeProvider? time = null)
{
    // After that a load that was reported is forgotten, unless it is reported anew: without Redis no lease changes.
    private static readonly TimeSpan LoadMemory = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly WorkerLoadBook _book = new(time ?? TimeProvider.System);
    private int _others = Reported(lease);
    private long _othersAt = (time ?? TimeProvider.System).GetTimestamp();

    public WorkerLease Lease { get; private set; } = lease;

    /// <summary>Requests of this router at the worker.</summary>
    public int InFlight => _book.Running.Count;

    /// <summary>Requests that take one of its places: live streams, which ask for little at a time, take none.</summary>
    public int Occupied => Requests + Others;

    /// <summary>Requests of others, as of other routers: what the last lease reported above our own at that moment.</summary>
    public int Others => _others > 0 && _time.GetElapsedTime(_othersAt) > LoadMemory ? 0 : _others;

    /// <summary>What became of this router's requests there.</summary>
    public WorkerHealth Health { get; } = health;

    /// <summary>Place in the round-robin, which moves on by one with each pick of a worker that has its full share, by more with others.</summary>
    public double LastPick { get; set; }

    /// <summary>Whether its lease is gone; the connection closes with the last request.</summary>
    public bool Gone { get; set; }

    public IWorkerConnection? Connection { get; set; }

    /// <summary>Requests that it takes at once, as it or the configuration says.</summary>
    public int Capacity => Math.Max(1, Lease.Capabilities?.ConcurrentRequestLimit ?? 1);

    /// <summary>Requests that it gets at once now, as its latency shows.</summary>
    public int Limit => _book.Limit.Current(Capacity, _book.Running);

    /// <summary>Predicted seconds of work in flight there, this router's and others', by its share of the work.</summary>
    public double Load => (_book.Seconds(this) + (Others * _book.MeanSeconds(this))) / Weight;

    /// <summary>Whether it works on as many requests as it should.</summary>
    public bool IsFull => Occupied >= Limit;

    /// <summary><see cref="Load"/> for a request of a model that may have to be loaded first.</summary>
    public double LoadFor(string model) => Load + (WorkerSpeed.LoadShareLeft(Lease, model) * _book.ColdStart.TotalSeconds / Weight);

    private int Requests => _book.Running.Count(running => !running.Work.IsLive);

    private double Weight => (Lease.Capabilities?.Weight is > 0 and var weight ? weight : 1) * Health.Share;

    public void Renew(WorkerLease lease)
    {
        if (!Equals(lease.Load, Lease.Load))
        {
            _others = Math.Max(0, Reported(lease) - Requests);
            _othersAt = _time.GetTimestamp();
        }

        Lease = lease;
        Gone = false;
    }

    /// <summary>A request of this router goes there.</summary>
    public RunningWork Enter(string model, PredictedWork? work) =>
        _book.Enter(model, work ?? new PredictedWork(_book.MeanAudioSeconds), Occupied + 1, WorkerSpeed.LoadShareLeft(Lease, model) > 0);

    /// <summary>It ended, as <see cref="RunningWork.Outcome"/> says.</summary>
    public void Leave(RunningWork running) => _book.Leave(running);

    /// <summary>Audio seconds that it works off in a second: as it measured, as we did, or as many as it has places.</summary>
    public double SpeedOf(string model) =>
        WorkerSpeed.Reported(Lease, model) is > 0 and var reported ? reported
        : _book.SpeedOf(model) is > 0 and var measured ? measured
        : WorkerSpeed.Default * Capacity;

    /// <summary>Usual normalised latency of one request more, of so much audio; null when nothing was learned.</summary>
    public double? PaceOf(double audioSeconds) => _book.Limit.Curves.Of(audioSeconds).Usual(Math.Min(Occupied + 1, Limit));

    /// <summary>
    /// Requests of a class that may be there at once: a few more than it works on, so that its batch is full while the next ones
    /// are on their way. Bulk gets none of these, live all: so a live request finds a place where bulk has filled the rest.
    /// </summary>
    public int Places(RequestClass requestClass, double ahead)
    {
        var limit = Limit;
        var more = Math.Min(Lease.Capabilities?.QueueLimit ?? 0, (int)Math.Ceiling(limit * ahead));
        return requestClass switch
        {
            RequestClass.Live => limit + more,
            RequestClass.Bulk => limit,
            _ => limit + (more / 2),
        };
    }

    private static int Reported(WorkerLease lease) =>
        (lease.Load?.ActiveRequestCount ?? 0) + (lease.Load?.QueuedRequestCount ?? 0);
}
