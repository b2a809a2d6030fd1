using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Tests.Cache;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;
using WhisperMesh.Workers.V1;

[assembly: AssemblyFixture(typeof(CacheFixture))]

namespace WhisperMesh.Router.Tests.Cache;

/// <summary>A real Redis for the tests of the cache. Each test has tenants of its own, and so never sees another's results.</summary>
public sealed class CacheFixture : IAsyncLifetime
{
    private RedisServer? _redis;

    internal string ConnectionString => _redis!.ConnectionString;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartNewAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A mesh for one test: workers, and routers that share a Redis.</summary>
internal sealed class CachedMesh : IAsyncDisposable
{
    public const string TenantHeader = "x-test-tenant";

    private readonly List<IAsyncDisposable> _parts = [];
    private readonly string _redis;
    private readonly string _tenant = Guid.NewGuid().ToString("N");

    private CachedMesh(string redis) => _redis = redis;

    public FixedConfiguration Configuration { get; } = new(MeshConfiguration.Empty);

    /// <summary>The worker of the default revision.</summary>
    public FakeWorker Worker { get; private set; } = null!;

    public RouterHost Router { get; private set; } = null!;

    /// <summary>How often a worker was asked.</summary>
    public int Decodes => Worker.Speech.Configs.Count;

    public static async Task<CachedMesh> StartAsync(string redis, MeshConfiguration? configuration = null)
    {
        var mesh = new CachedMesh(redis);
        mesh.Configuration.Current = configuration ?? MeshConfiguration.Empty;
        mesh.Worker = await FakeWorker.StartAsync("one");
        mesh._parts.Add(mesh.Worker);
        mesh.Router = await mesh.AddRouterAsync(LeaseOf(mesh.Worker));
        return mesh;
    }

    public static WorkerLease LeaseOf(FakeWorker worker, string revision = "r1")
    {
        var lease = worker.Lease;
        lease.Capabilities.Models[0].Model.Revision = revision;
        lease.Capabilities.Version = "1.0";
        return lease;
    }

    public async Task<FakeWorker> AddWorkerAsync(string id)
    {
        var worker = await FakeWorker.StartAsync(id);
        _parts.Add(worker);
        return worker;
    }

    /// <summary>Another router; its workers default to the first one's.</summary>
    public async Task<RouterHost> AddRouterAsync(params WorkerLease[] workers)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = _redis,
            // A cold start on a busy machine is not what these tests are about.
            ["Router:CacheTimeout"] = "00:00:10",
        };
        var router = await RouterHost.StartAsync(
            settings,
            services =>
            {
                services.AddSingleton<IMeshConfigurationSource>(Configuration);
                var pipeline = services.Last(service => service.ServiceType == typeof(ITranscriptionStage)).ImplementationFactory!;
                services.AddSingleton<ITranscriptionStage>(provider => new Tenancy((ITranscriptionStage)pipeline(provider), _tenant));
            },
            workers.Length > 0 ? workers : [LeaseOf(Worker)]);
        _parts.Add(router);
        await router.Services.GetRequiredService<RedisLink>().WaitAsync(TestContext.Current.CancellationToken).Bounded();
        return router;
    }

    /// <summary>Waits until no work is left to put away.</summary>
    public static Task UntilLandedAsync(RouterHost router) =>
        Bounds.UntilAsync(() => router.Services.GetRequiredService<FlightBoard>().Count == 0);

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }
    }

    /// <summary>Takes the tenant from a header, in place of an API key; else it is the test's own.</summary>
    private sealed class Tenancy(ITranscriptionStage next, string standard) : ITranscriptionStage
    {
        public Task RunAsync(TranscriptionJob job, IRelaySink<StreamTranscribeResponse> sink, CancellationToken cancellationToken)
        {
            var caller = new Caller { TenantId = standard + job.Origin.Header(TenantHeader) };
            return next.RunAsync(job with { Origin = job.Origin with { Caller = caller } }, sink, cancellationToken);
        }
    }
}
