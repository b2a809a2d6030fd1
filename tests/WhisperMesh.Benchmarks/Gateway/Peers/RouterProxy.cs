using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>Our router, with everything on: a route, a token for the worker, API keys, and budgets that no benchmark uses up.</summary>
/// <param name="name">What it is called beside others.</param>
/// <param name="environment">Settings beside those that all have.</param>
internal sealed class RouterProxy(string name = RouterProxy.DefaultName, IReadOnlyDictionary<string, string>? environment = null) : IProxy
{
    public const string DefaultName = "whispermesh";

    public const string AdminKey = "benchmarks-only-admin-key-0123456789abcdef";

    private const string Configuration = """
        {
          "tenants": { "bench": { "budgets": { "requestsPerMinute": 100000000 } } },
          "routes": [{ "name": "english", "match": { "tasks": ["transcribe"], "languages": ["en"] }, "policy": "least-load" }],
        }
        """;

    public string Name => name;

    public bool IsPresent => true;

    /// <summary>Where the router that was started last has its HTTP API.</summary>
    public Uri? Http { get; private set; }

    /// <summary>What it lets callers in with.</summary>
    public string? Key { get; private set; }

    public async Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace("WhisperMesh.Benchmarks", "WhisperMesh.Router", StringComparison.Ordinal), "WhisperMesh.Router.dll"));
        var info = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = Path.GetDirectoryName(program) };
        var configuration = Path.Combine(setup.Folder, "mesh.json");
        await File.WriteAllTextAsync(configuration, Configuration, cancellationToken);
        foreach (var (key, value) in Settings(setup, configuration, port).Concat(environment ?? new Dictionary<string, string>()))
        {
            info.Environment[key] = value;
        }

        var process = await ProxyProcess.StartAsync(info, port, core, static () => { }, cancellationToken);
        Key = await MakeKeyAsync(Http!, cancellationToken);
        return process;
    }

    private static async Task<string> MakeKeyAsync(Uri router, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = router };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        var request = new JsonObject
        {
            ["tenant"] = "bench",
            ["budgets"] = new JsonObject { ["audio_minutes_per_day"] = 1e9, ["concurrent_streams"] = 1_000_000 },
        };
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            // The link to Redis may not be up yet.
            using var response = await client.PostAsJsonAsync("/v1/admin/keys", request, bound.Token);
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                var key = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(bound.Token);
                return key?["key"]?.GetValue<string>() ?? throw new BenchmarkException("The router made no key.");
            }

            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    private Dictionary<string, string> Settings(GatewaySetup setup, string configuration, int port) => new()
    {
        ["Endpoints__HttpPort"] = $"{TakeHttpPort(port)}",
        ["Endpoints__GrpcPort"] = $"{port}",
        ["ConnectionStrings__redis"] = setup.Redis,
        ["Router__ConfigurationPath"] = configuration,
        ["Router__Keys__Required"] = "true",
        ["Router__Keys__BootstrapAdminKey"] = AdminKey,
        ["Router__SpoolDirectory"] = Path.Combine(setup.Folder, $"spool-{name}"),
        ["Mesh__Secret"] = GatewaySetup.MeshSecret,
    };

    private int TakeHttpPort(int grpcPort)
    {
        int port;
        do
        {
            port = ProxyProcess.FreePort();
        }
        while (port == grpcPort);
        Http = new Uri($"http://127.0.0.1:{port}");
        return port;
    }
}
