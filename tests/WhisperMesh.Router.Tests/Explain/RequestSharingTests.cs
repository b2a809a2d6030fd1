using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Explain.Storing;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Tenants;

namespace WhisperMesh.Router.Tests.Explain;

/// <summary>Who may see a record, and at which router.</summary>
public sealed class RequestSharingTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;
    private MadeKey _one = null!;
    private MadeKey _two = null!;
    private MadeKey _staff = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mesh = await TenantMesh.StartAsync(new() { ["Router:Requests:ListedPerTenant"] = "60" });
        _one = await _mesh.CreateKeyAsync("one");
        _two = await _mesh.CreateKeyAsync("two");
        _staff = await _mesh.CreateKeyAsync("staff", scopes: [Scopes.Operate]);
    }

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task Record_AskedForAtAnotherRouter_IsGiven()
    {
        var other = await _mesh.AddRouterAsync();
        var id = await TranscribeAsync(_one);

        var record = await UntilThereAsync(id, _one, other);

        record.Text("request_id").ShouldBe(id);
        record.Items("attempts").ShouldHaveSingleItem().Text("worker_id").ShouldBe("one");
        (await ListAsync(_one, "", other)).ShouldBe([id]);
        other.Services.GetRequiredService<RecordRing>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Record_OfAnotherTenant_IsAsIfItWereNot()
    {
        var id = await TranscribeAsync(_one);
        await UntilThereAsync(id, _one);

        using var foreign = await GetAsync(id, _two);
        using var named = await GetAsync(id + "?tenant=one", _two);
        using var unknown = await GetAsync("nobody", _two);

        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        named.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var told = await foreign.Content.ReadAsStringAsync(Token);
        told.Replace(id, "nobody", StringComparison.Ordinal).ShouldBe(await unknown.Content.ReadAsStringAsync(Token));
        (await ListAsync(_two)).ShouldBeEmpty();
        (await ListAsync(_two, "?tenant=one")).ShouldBeEmpty();
        (await ListAsync(_two, "?tenant=*")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Record_AskedForByAnOperator_IsGivenAtEveryRouter()
    {
        var other = await _mesh.AddRouterAsync();
        var first = await TranscribeAsync(_one);
        var second = await TranscribeAsync(_two);
        (await UntilThereAsync(first, _staff, other)).Text("tenant").ShouldBe("one");
        (await UntilThereAsync(second, _staff)).Text("tenant").ShouldBe("two");

        (await ListAsync(_staff)).ShouldBeEmpty();
        await Bounds.UntilAsync(async () => (await ListAsync(_staff, "?tenant=*", other)).Length == 2);
        (await ListAsync(_staff, "?tenant=*", other)).ShouldBe([second, first]);
        (await ListAsync(_staff, "?tenant=one")).ShouldBe([first]);
    }

    [Fact]
    public async Task Record_SameIdOfTwoTenants_EachSeesItsOwn()
    {
        await TranscribeAsync(_one, "same");
        await UntilThereAsync("same", _one);
        await TranscribeAsync(_two, "same");

        (await UntilThereAsync("same", _one)).Text("tenant").ShouldBe("one");
        (await UntilThereAsync("same", _two)).Text("tenant").ShouldBe("two");
        using var named = await GetAsync("same?tenant=one", _staff);
        JsonDocument.Parse(await named.Content.ReadAsStringAsync(Token)).RootElement.Text("tenant").ShouldBe("one");
    }

    [Fact]
    public async Task Record_RedisGone_RequestsGoOnAndTheRouterAnswersFromMemory()
    {
        await using var open = await TenantMesh.StartAsync(new() { ["Router:Keys:Required"] = "false" });
        await open.Router.TranscribeAsync("before");
        await open.Router.RecordAsync("before");
        await open.Redis.KillAsync();

        (await open.Router.TranscribeAsync("after")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await open.Router.RecordAsync("after")).Text("state").ShouldBe("served");
        (await open.Router.ListAsync()).ShouldBe(["after", "before"]);
    }

    [Fact]
    public async Task Record_EndedWhileRedisWasAway_IsToldElsewhereWhenItIsBack()
    {
        await using var open = await TenantMesh.StartAsync(new() { ["Router:Keys:Required"] = "false" });
        var other = await open.AddRouterAsync(new() { ["Router:Keys:Required"] = "false" });
        await open.Redis.KillAsync();
        (await open.Router.TranscribeAsync("away")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await open.Router.RecordAsync("away");
        (await other.ListAsync()).ShouldBeEmpty();

        await open.Redis.StartAsync(Token);

        await Bounds.UntilAsync(async () => (await other.ListAsync()).Contains("away"));
    }

    [Fact]
    public async Task Record_RouterStopsAtOnce_IsToldElsewhere()
    {
        var stopping = await _mesh.AddRouterAsync();
        using var form = Forms.Of();
        using var response = await _mesh.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", _one.Key, form, stopping);
        var id = response.Headers.GetValues("x-request-id").Single();

        await stopping.App.StopAsync(Token);

        using var record = await GetAsync(id, _one);
        record.StatusCode.ShouldBe(HttpStatusCode.OK);
        _mesh.Router.Services.GetRequiredService<RecordRing>().Count.ShouldBe(0);
    }

    [Fact]
    public async Task Redis_MoreRequestsThanAreListed_KeepsNoMore()
    {
        for (var i = 0; i < 130; i++)
        {
            (await TranscribeAsync(_one, $"r{i}")).ShouldBe($"r{i}");
        }

        // Lists are cut back every so often, so they may be a little longer for a while.
        var other = await _mesh.AddRouterAsync();
        await UntilThereAsync("r129", _one, other);
        using var first = await GetAsync("r0", _one, other);
        first.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ListAsync(_one, "?limit=200", other)).Length.ShouldBeInRange(60, 110);
    }

    private async Task<string> TranscribeAsync(MadeKey key, string? id = null)
    {
        using var form = Forms.Of();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Authorization = new("Bearer", key.Key);
        if (id is not null)
        {
            request.Headers.Add("x-request-id", id);
        }

        using var response = await _mesh.Router.Http.SendAsync(request, Token).Bounded();
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response.Headers.GetValues("x-request-id").Single();
    }

    private Task<HttpResponseMessage> GetAsync(string id, MadeKey key, RouterHost? router = null) =>
        _mesh.SendAsync(HttpMethod.Get, $"/v1/requests/{id}", key.Key, router: router);

    private async Task<JsonElement> UntilThereAsync(string id, MadeKey key, RouterHost? router = null)
    {
        JsonElement record = default;
        await Bounds.UntilAsync(async () =>
        {
            using var response = await GetAsync(id, key, router);
            var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
            record = body;
            return response.IsSuccessStatusCode && body.Text("state") != "running";
        });
        return record;
    }

    private async Task<string?[]> ListAsync(MadeKey key, string query = "", RouterHost? router = null)
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, "/v1/requests" + query, key.Key, router: router);
        var body = await response.Content.ReadAsStringAsync(Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateArray().Select(line => line.Text("request_id"))];
    }
}
