using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Tenants;

/// <summary>Routers that ask for keys, around one real Redis and one worker that serves everything.</summary>
internal sealed class TenantMesh : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-of-more-than-32-characters";

    private readonly List<RouterHost> _routers = [];

    private TenantMesh(RedisServer redis, FakeWorker worker) => (Redis, Worker) = (redis, worker);

    public RedisServer Redis { get; }

    public FakeWorker Worker { get; }

    public RouterHost Router => _routers[0];

    public FixedConfiguration Configuration { get; } = new(MeshConfiguration.Empty);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TenantMesh> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? addServices = null, MeshConfiguration? configuration = null)
    {
        var redis = await RedisServer.StartNewAsync(Token);
        var mesh = new TenantMesh(redis, await FakeWorker.StartAsync("one"));
        mesh.Configuration.Current = configuration ?? MeshConfiguration.Empty;
        await mesh.AddRouterAsync(settings, addServices);
        return mesh;
    }

    /// <summary>One more router of the same mesh.</summary>
    public async Task<RouterHost> AddRouterAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? addServices = null)
    {
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["ConnectionStrings:redis"] = Redis.ConnectionString,
            ["Router:Keys:BootstrapAdminKey"] = AdminKey,
        };
        all.TryAdd("Router:Keys:Required", "true");
        var router = await RouterHost.StartAsync(
            all,
            services =>
            {
                services.AddSingleton<IMeshConfigurationSource>(Configuration);
                addServices?.Invoke(services);
            },
            Worker.Lease,
            Worker.SynthesisLease);
        _routers.Add(router);

        // A busy machine is not what these tests are about; a Redis that is killed breaks its connections at once.
        router.Services.GetRequiredService<TenantRedis>().AnswerBound = TimeSpan.FromSeconds(30);
        await UntilConnectedAsync(router);
        return router;
    }

    public static Task UntilConnectedAsync(RouterHost router)
    {
        var redis = router.Services.GetRequiredService<TenantRedis>();
        return Bounds.UntilAsync(() => redis.IsUp);
    }

    /// <summary>Makes a key, of all scopes but admin unless some are named.</summary>
    public async Task<MadeKey> CreateKeyAsync(string tenant, object? budgets = null, string? expiresAt = null, params string[] scopes)
    {
        var body = new Dictionary<string, object?> { ["tenant"] = tenant, ["name"] = "test" };
        if (budgets is not null)
        {
            body["budgets"] = budgets;
        }

        if (expiresAt is not null)
        {
            body["expires_at"] = expiresAt;
        }

        if (scopes.Length > 0)
        {
            body["scopes"] = scopes;
        }

        using var response = await SendAsync(HttpMethod.Post, "/v1/admin/keys", AdminKey, JsonContent.Create(body));
        var text = await response.Content.ReadAsStringAsync(Token);
        ((int)response.StatusCode).ShouldBe(201, text);
        var json = JsonDocument.Parse(text).RootElement;
        return new MadeKey(json.GetProperty("id").GetString()!, json.GetProperty("key").GetString()!);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, HttpContent? body = null, RouterHost? router = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return (router ?? Router).Http.SendAsync(request, Token).Bounded();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var router in _routers)
        {
            await router.DisposeAsync();
        }

        await Worker.DisposeAsync();
        await Redis.DisposeAsync();
    }
}

internal sealed record MadeKey(string Id, string Key);
