using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Tenants;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Console;

public sealed class MeshApiTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mesh_Open_ShowsRouterWorkersModelsAndRecentRequests()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(worker.Lease, worker.SynthesisLease);
        using var form = Forms.Of();
        (await router.Http.PostAsync("/v1/audio/transcriptions", form, Token).Bounded()).StatusCode.ShouldBe(HttpStatusCode.OK);

        var mesh = await MeshAsync(router.Http.GetAsync("/v1/mesh", Token));

        mesh.GetProperty("object").GetString().ShouldBe("mesh");
        mesh.GetProperty("operator").GetBoolean().ShouldBeTrue();
        var own = mesh.GetProperty("routers").EnumerateArray().ShouldHaveSingleItem();
        own.GetProperty("id").GetString().ShouldBe(mesh.GetProperty("router").GetString());
        own.GetProperty("health").GetString().ShouldBe("healthy");
        own.GetProperty("redis").GetString().ShouldBe("none");
        own.GetProperty("recent").GetProperty("served").GetInt64().ShouldBe(1);
        own.GetProperty("recent").GetProperty("failed").GetInt64().ShouldBe(0);
        mesh.GetProperty("workers").GetArrayLength().ShouldBe(2);
        mesh.GetProperty("workers").EnumerateArray().ShouldAllBe(each => each.GetProperty("state").GetString() == "serving");
        mesh.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldBe(["piper", "whisper-base"]);
        mesh.GetProperty("live_sessions").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Mesh_FailedRequest_IsCounted()
    {
        await using var worker = await FakeWorker.StartAsync("one");
        await using var router = await RouterHost.StartAsync(worker.Lease);
        worker.Speech.OnTranscribe = _ => throw new InvalidOperationException("broken");
        using var form = Forms.Of();
        (await router.Http.PostAsync("/v1/audio/transcriptions", form, Token).Bounded()).IsSuccessStatusCode.ShouldBeFalse();

        var recent = (await MeshAsync(router.Http.GetAsync("/v1/mesh", Token))).GetProperty("routers")[0].GetProperty("recent");

        recent.GetProperty("failed").GetInt64().ShouldBe(1);
        recent.GetProperty("worker_failures").GetInt64().ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Mesh_Keys_OperatorSeesAllSessionsOthersOnlyTheirOwn()
    {
        var sessions = new FixedSessions(Session("a", "one"), Session("b", "two"));
        await using var mesh = await TenantMesh.StartAsync(addServices: services => services.AddSingleton<ILiveSessions>(sessions));
        var caller = await mesh.CreateKeyAsync("one");
        var keeper = await mesh.CreateKeyAsync("staff", scopes: [Scopes.Operate]);

        var own = await MeshAsync(mesh.SendAsync(HttpMethod.Get, "/v1/mesh", caller.Key));
        var all = await MeshAsync(mesh.SendAsync(HttpMethod.Get, "/v1/mesh", keeper.Key));

        own.GetProperty("operator").GetBoolean().ShouldBeFalse();
        Ids(own).ShouldBe(["a"]);
        own.GetProperty("routers")[0].TryGetProperty("address", out _).ShouldBeFalse();
        own.GetProperty("workers")[0].TryGetProperty("labels", out _).ShouldBeFalse();
        all.GetProperty("operator").GetBoolean().ShouldBeTrue();
        Ids(all).ShouldBe(["a", "b"]);
        var session = all.GetProperty("live_sessions")[0];
        session.GetProperty("lag_seconds").GetDouble().ShouldBe(1.5);
        session.GetProperty("tenant").GetString().ShouldBe("one");
    }

    [Fact]
    public async Task Mesh_TwoRouters_EachShowsTheOtherAndItsSessions()
    {
        await using var mesh = await TenantMesh.StartAsync(new() { ["Router:Keys:Required"] = "false" });
        var other = await mesh.AddRouterAsync(
            new() { ["Router:Keys:Required"] = "false" },
            services => services.AddSingleton<ILiveSessions>(new FixedSessions(Session("c", "local"))));

        JsonElement seen = default;
        await Bounds.UntilAsync(async () =>
        {
            seen = await MeshAsync(mesh.Router.Http.GetAsync("/v1/mesh", Token));
            return seen.GetProperty("routers").GetArrayLength() == 2;
        });

        Ids(seen).ShouldBe(["c"]);
        var id = seen.GetProperty("live_sessions")[0].GetProperty("router").GetString();
        id.ShouldNotBe(seen.GetProperty("router").GetString());
        (await MeshAsync(other.Http.GetAsync("/v1/mesh", Token))).GetProperty("router").GetString().ShouldBe(id);
    }

    private static async Task<JsonElement> MeshAsync(Task<HttpResponseMessage> asked)
    {
        using var response = await asked.Bounded();
        var body = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static IEnumerable<string?> Ids(JsonElement mesh) =>
        mesh.GetProperty("live_sessions").EnumerateArray().Select(session => session.GetProperty("id").GetString());

    private static LiveSessionInfo Session(string id, string tenant) => new(id, tenant, "", DateTimeOffset.UnixEpoch)
    {
        WorkerId = "one",
        Received = TimeSpan.FromSeconds(5),
        Committed = TimeSpan.FromSeconds(3.5),
    };

    private sealed class FixedSessions(params LiveSessionInfo[] sessions) : ILiveSessions
    {
        public IReadOnlyList<LiveSessionInfo> Sessions => sessions;

        public Task<ILiveConnection> ConnectAsync(LiveConfig config, RequestOrigin origin, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Only looked at.");
    }
}
