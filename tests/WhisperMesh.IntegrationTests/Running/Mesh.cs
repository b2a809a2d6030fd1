using Grpc.Net.Client;
using WhisperMesh.Client;
using WhisperMesh.Tests.Shared;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>Redis, a router and workers, each a real process. Empty at first; a test adds what it needs.</summary>
internal sealed class Mesh : IAsyncDisposable
{
    private static readonly TimeSpan RegistrationBound = TimeSpan.FromMinutes(1);

    private readonly List<IAsyncDisposable> _all = [];
    private readonly Dictionary<string, string> _shared;
    private WhisperMeshClient? _client;

    /// <summary>Makes a mesh around a Redis, which may not run yet. Its results are not cached, unless the environment says otherwise.</summary>
    internal Mesh(RedisServer redis, IReadOnlyDictionary<string, string>? environment = null)
    {
        Redis = redis;
        _all.Add(redis);
        _shared = new Dictionary<string, string>
        {
            ["ConnectionStrings__redis"] = redis.ConnectionString,
            ["Router__ConfigurationPath"] = Path.Combine(AppContext.BaseDirectory, "Running", "no-cache.json"),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _shared[name] = value;
        }
    }

    internal RedisServer Redis { get; }

    internal MeshService Router { get; private set; } = null!;

    internal List<MeshService> OtherRouters { get; } = [];

    internal List<MeshService> Transcription { get; } = [];

    internal List<MeshService> Synthesis { get; } = [];

    internal HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(3) };

    internal WhisperMeshClient Client => _client ??= new WhisperMeshClient(Router.Grpc);

    internal IEnumerable<MeshService> Workers => Transcription.Concat(Synthesis);

    internal void StartRouter(IReadOnlyDictionary<string, string>? environment = null, IReadOnlyList<string>? launcher = null)
    {
        Router = Start("router", "WhisperMesh.Router", environment, launcher);
        Http.BaseAddress = Router.Http;
    }

    /// <summary>A router beside the first, of the same mesh; what this class does goes through the first.</summary>
    internal MeshService StartAnotherRouter(IReadOnlyDictionary<string, string>? environment = null)
    {
        OtherRouters.Add(Start($"router-{OtherRouters.Count + 2}", "WhisperMesh.Router", environment));
        return OtherRouters[^1];
    }

    /// <summary>A new router in place of one that a test has killed; for tests that name addresses themselves.</summary>
    internal void RestartRouter(IReadOnlyDictionary<string, string>? environment = null) =>
        Router = Start("router", "WhisperMesh.Router", environment);

    /// <summary>Waits until all run, whatever the router knows of the others.</summary>
    internal async Task WaitUntilListeningAsync()
    {
        foreach (var service in Workers.Append(Router))
        {
            await service.WaitUntilHealthyAsync();
        }
    }

    internal MeshService StartTranscription(IReadOnlyDictionary<string, string>? environment = null)
    {
        Transcription.Add(Start("transcription", "WhisperMesh.Transcription", environment));
        return Transcription[^1];
    }

    internal MeshService StartSynthesis(IReadOnlyDictionary<string, string>? environment = null)
    {
        Synthesis.Add(Start("synthesis", "WhisperMesh.Synthesis", environment));
        return Synthesis[^1];
    }

    /// <summary>Waits until all run and the router knows every worker.</summary>
    /// <param name="modelCount">Models of all workers together, where some have more than one.</param>
    internal async Task WaitUntilReadyAsync(int? modelCount = null)
    {
        foreach (var service in Workers.Append(Router).Concat(OtherRouters))
        {
            await service.WaitUntilHealthyAsync();
        }

        await Eventually.HoldsAsync(
            async () => (await Client.ListModelsAsync(TestContext.Current.CancellationToken)).Sum(model => model.WorkerCount) == (modelCount ?? Workers.Count()),
            RegistrationBound,
            () => $"The router knows other workers than the {Workers.Count()} that run.\n{Logs()}");
    }

    /// <summary>Kills a transcription worker and puts a new one in its place.</summary>
    internal async Task ReplaceAsync(MeshService worker)
    {
        Transcription.Remove(worker);
        _all.Remove(worker);
        await worker.DisposeAsync();
        StartTranscription();
        await WaitUntilReadyAsync();
    }

    /// <summary>Requests that the transcription workers have, by their own account.</summary>
    internal async Task<int> LoadAsync()
    {
        var sum = 0;
        foreach (var worker in Transcription)
        {
            using var channel = GrpcChannel.ForAddress(worker.Grpc);
            var reply = await new WorkerService.WorkerServiceClient(channel)
                .GetLoadAsync(new GetLoadRequest(), cancellationToken: TestContext.Current.CancellationToken);
            sum += reply.Load.ActiveRequestCount + reply.Load.QueuedRequestCount;
        }

        return sum;
    }

    internal string Logs() => string.Join(
        "\n\n",
        Workers.Append(Router).Concat(OtherRouters).Select(service => $"== {service.Process.Name} ({service.Http}, {service.Grpc})\n{service.Process.Log}"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        foreach (var each in Enumerable.Reverse(_all))
        {
            await each.DisposeAsync();
        }
    }

    private MeshService Start(
        string name, string project, IReadOnlyDictionary<string, string>? environment, IReadOnlyList<string>? launcher = null)
    {
        var all = new Dictionary<string, string>(_shared);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        var service = MeshService.Start(name, project, all, launcher);
        _all.Add(service);
        return service;
    }
}
