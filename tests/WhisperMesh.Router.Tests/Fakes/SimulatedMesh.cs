using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.Router.Workers.Load;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>The router's queue and pool on a clock that a test turns, with workers that only count time.</summary>
internal sealed class SimulatedMesh : IDisposable
{
    private static readonly WorkerRequirements Needs = new() { Kind = ModelKind.Transcription };
    private static readonly HashSet<string> None = [];

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<SimulatedRequest> _requests = [];
    private int _settled;

    public SimulatedMesh(AdmissionOptions options, params WorkerLease[] leases)
    {
        Directory = new FakeDirectory(leases);
        var router = Options.Create(new RouterOptions());
        var declared = new DeclaredWorkers(Directory, new NoMeshConfiguration());
        Pool = new WorkerPool(
            declared,
            new PoolMatcher(declared, new KnownModels(Directory, router, Time)),
            [new GrpcWorkerConnections(router, NullLoggerFactory.Instance)],
            [new LeastLoadPolicy()],
            router,
            Time);
        var metrics = new AdmissionMetrics(_services.GetRequiredService<IMeterFactory>());
        Queue = new AdmissionQueue(Pool, Directory, Options.Create(options), metrics, Time);
        Workers = leases.ToDictionary(
            lease => lease.WorkerId, lease => new SimulatedWorker(lease.Capabilities.ConcurrentRequestLimit));
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeDirectory Directory { get; }

    public WorkerPool Pool { get; }

    public AdmissionQueue Queue { get; }

    public IReadOnlyDictionary<string, SimulatedWorker> Workers { get; }

    public IReadOnlyList<SimulatedRequest> Requests => _requests;

    public DateTime Now => Time.GetUtcNow().UtcDateTime;

    /// <summary>A request comes; returns when it waits, is refused or is at a worker.</summary>
    public SimulatedRequest Arrive(
        string tenant = "a",
        RequestClass requestClass = RequestClass.Interactive,
        double audioSeconds = 10,
        TimeSpan? patience = null,
        double weight = 1) => ArriveUntil(CancellationToken.None, tenant, requestClass, audioSeconds, patience, weight);

    /// <summary>The same, with a caller who may go away.</summary>
    public SimulatedRequest ArriveUntil(
        CancellationToken gone,
        string tenant = "a",
        RequestClass requestClass = RequestClass.Interactive,
        double audioSeconds = 10,
        TimeSpan? patience = null,
        double weight = 1)
    {
        var plan = RoutePlan.Default with { Class = requestClass, Work = new PredictedWork(audioSeconds, complete: true) };
        var entry = new AdmissionRequest(tenant, weight, Needs, plan, None, Now + patience);
        var request = new SimulatedRequest(entry, Now);
        _requests.Add(request);
        request.Run = RunAsync(request, gone);
        Settle();
        return request;
    }

    /// <summary>Time goes on; what ends on the way makes room.</summary>
    public void Advance(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(10);
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Time.Advance(step);
            foreach (var worker in Workers.Values)
            {
                worker.Work(Now);
            }

            Settle();
        }
    }

    public int LimitOf(string worker) => Pool.Limits().Single(entry => entry.WorkerId == worker).Limit;

    public void Dispose()
    {
        Queue.Dispose();
        Pool.Dispose();
        _services.Dispose();
    }

    private async Task RunAsync(SimulatedRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var grant = await Queue.EnterAsync(request.Entry, cancellationToken);
            var hold = Pool.Pick(Needs, request.Entry.Plan, None)!;
            Workers[hold.WorkerId].Take(request, grant, hold);
        }
        catch (MeshException exception)
        {
            request.Error = exception;
        }
        catch (OperationCanceledException)
        {
            request.Cancelled = true;
        }

        Interlocked.Increment(ref _settled);
    }

    // Every request waits in the queue or has gone on from there: what is in between is on its way to one of them.
    private void Settle() => SpinWait.SpinUntil(
        () => Volatile.Read(ref _settled) + Queue.Waiting == _requests.Count, TimeSpan.FromSeconds(30)).ShouldBeTrue();
}

internal sealed class SimulatedRequest(AdmissionRequest entry, DateTime arrived)
{
    public AdmissionRequest Entry { get; } = entry;

    public DateTime Arrived { get; } = arrived;

    public Task Run { get; set; } = Task.CompletedTask;

    public MeshException? Error { get; set; }

    public bool Cancelled { get; set; }

    /// <summary>Times that it was started: never more than one.</summary>
    public int Starts { get; set; }

    public DateTime? Ended { get; set; }

    public bool InTime => Ended <= (Entry.Deadline ?? DateTime.MaxValue);
}

/// <summary>A worker with some places; each request takes its time there, whatever the others do.</summary>
internal sealed class SimulatedWorker(int places)
{
    private readonly Lock _lock = new();
    private readonly Queue<Job> _queue = [];
    private readonly List<Job> _active = [];

    /// <summary>How long a second of audio takes at one place.</summary>
    public TimeSpan TimePerAudioSecond { get; set; } = TimeSpan.FromMilliseconds(100);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count + _active.Count;
            }
        }
    }

    public void Take(SimulatedRequest request, AdmissionGrant grant, WorkerHold hold)
    {
        lock (_lock)
        {
            _queue.Enqueue(new Job(request, grant, hold));
        }
    }

    public void Work(DateTime now)
    {
        List<Job> ended;
        lock (_lock)
        {
            ended = _active.FindAll(job => job.Ends <= now);
            _active.RemoveAll(job => job.Ends <= now);
            while (_active.Count < places && _queue.TryDequeue(out var next))
            {
                next.Request.Starts++;
                next.Ends = now + (TimePerAudioSecond * next.Request.Entry.Plan.Work!.AudioSeconds);
                _active.Add(next);
            }
        }

        foreach (var job in ended)
        {
            job.Request.Ended = now;
            job.Hold.Report(new WorkerOutcome(WorkerOutcomeKind.Served));
            job.Hold.Dispose();
            job.Grant.Dispose();
        }
    }

    private sealed class Job(SimulatedRequest request, AdmissionGrant grant, WorkerHold hold)
    {
        public SimulatedRequest Request { get; } = request;

        public AdmissionGrant Grant { get; } = grant;

        public WorkerHold Hold { get; } = hold;

        public DateTime Ends { get; set; }
    }
}
