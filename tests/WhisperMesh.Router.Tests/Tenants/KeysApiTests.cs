using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class KeysApiTests
{
    [Fact]
    public async Task Create_ThenUseOverHttpAndGrpc_IsLetIn()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one");

        using var models = await mesh.SendAsync(HttpMethod.Get, "/v1/models", key.Key);
        using var heard = await mesh.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", key.Key, Forms.Of(("model", "whisper-1")));
        var listed = await mesh.Router.Models.ListModelsAsync(
            new ListModelsRequest(), new Metadata { { "authorization", $"Bearer {key.Key}" } }, cancellationToken: TestContext.Current.CancellationToken);

        models.StatusCode.ShouldBe(HttpStatusCode.OK);
        heard.StatusCode.ShouldBe(HttpStatusCode.OK);
        listed.Models.Count.ShouldBe(2);
    }

    [Fact]
    public async Task List_AfterCreate_ShowsEverythingButTheKey()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var key = await mesh.CreateKeyAsync("one", new { requests_per_minute = 7 }, "2999-01-01T00:00:00Z", "speak");
        await mesh.CreateKeyAsync("two");

        using var response = await mesh.SendAsync(HttpMethod.Get, "/v1/admin/keys?tenant=one", TenantMesh.AdminKey);

        var text = await ApiTest.BodyAsync(response);
        text.ShouldNotContain(key.Key);
        text.ShouldNotContain("hash");
        var listed = JsonDocument.Parse(text).RootElement.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("id").GetString().ShouldBe(key.Id);
        listed.GetProperty("tenant").GetString().ShouldBe("one");
        listed.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["speak"]);
        listed.GetProperty("budgets").GetProperty("requests_per_minute").GetInt32().ShouldBe(7);
        listed.GetProperty("expires_at").GetDateTimeOffset().Year.ShouldBe(2999);
    }

    [Fact]
    public async Task Revoke_OnOneRouter_TheOtherRefusesAtOnce()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var second = await mesh.AddRouterAsync();
        var key = await mesh.CreateKeyAsync("one");
        (await mesh.SendAsync(HttpMethod.Get, "/v1/models", key.Key, router: second)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await mesh.SendAsync(HttpMethod.Delete, $"/v1/admin/keys/{key.Id}", TenantMesh.AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // The message is on its way; well before the few seconds that a look at the store would take.
        await Bounds.UntilAsync(async () =>
            (await mesh.SendAsync(HttpMethod.Get, "/v1/models", key.Key, router: second)).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Revoke_UnknownId_NotFound()
    {
        await using var mesh = await TenantMesh.StartAsync();

        using var response = await mesh.SendAsync(HttpMethod.Delete, "/v1/admin/keys/AAAAAAAAAAAA", TenantMesh.AdminKey);

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.NotFound, "id", "key_not_found");
    }

    [Theory]
    [InlineData("""{"name":"x"}""", "tenant")]
    [InlineData("""{"tenant":"a b"}""", "tenant")]
    [InlineData("""{"tenant":"a","scopes":["fly"]}""", "scopes")]
    [InlineData("""{"tenant":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"tenant":"a","expires_at":"2001-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"tenant":"a","expires_at":"soon"}""", "expires_at")]
    [InlineData("""{"tenant":"a","name":" "}""", "name")]
    [InlineData("""{"tenant":"a","budgets":{"requests_per_minute":0}}""", "budgets.requests_per_minute")]
    [InlineData("""{"tenant":"a","budgets":{"audio_minutes_per_day":-1}}""", "budgets.audio_minutes_per_day")]
    [InlineData("""{"tenant":"a","colour":"red"}""", "colour")]
    [InlineData("""{"tenant":"a","budgets":{"cakes":1}}""", "budgets.cakes")]
    public async Task Create_BadRequest_NamesTheField(string body, string param)
    {
        await using var mesh = await TenantMesh.StartAsync();

        using var response = await mesh.SendAsync(
            HttpMethod.Post, "/v1/admin/keys", TenantMesh.AdminKey, new StringContent(body, null, "application/json"));

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
    }

    [Fact]
    public async Task Redis_Gone_KnownKeyGoesOnUnknownAndNewKeysDoNot()
    {
        await using var mesh = await TenantMesh.StartAsync();
        var known = await mesh.CreateKeyAsync("one");
        var unknown = await mesh.CreateKeyAsync("one");
        await mesh.SendAsync(HttpMethod.Get, "/v1/models", known.Key);

        await mesh.Redis.KillAsync();

        (await mesh.SendAsync(HttpMethod.Get, "/v1/models", known.Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var refused = await mesh.SendAsync(HttpMethod.Get, "/v1/models", unknown.Key);
        await ApiTest.ShouldBeErrorAsync(refused, HttpStatusCode.ServiceUnavailable, null, "keys_unavailable", "server_error");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        using var create = await mesh.SendAsync(HttpMethod.Post, "/v1/admin/keys", TenantMesh.AdminKey, JsonContent.Create(new { tenant = "one" }));
        create.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var call = await Should.ThrowAsync<RpcException>(mesh.Router.Models.ListModelsAsync(
            new ListModelsRequest(),
            new Metadata { { "authorization", $"Bearer {unknown.Key}" } },
            cancellationToken: TestContext.Current.CancellationToken).ResponseAsync);
        call.StatusCode.ShouldBe(StatusCode.Unavailable);
        RpcErrorDetails.From(call).Reason.ShouldBe("KEYS_UNAVAILABLE");
        RpcErrorDetails.From(call).RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task OpenMesh_AnyKeyOrNone_IsLetIn()
    {
        await using var router = await RouterHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { { "Authorization", "Bearer none" } } };

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Router:Keys:BootstrapAdminKey", "short", "fewer than 32 characters")]
    [InlineData("Router:Keys:Required", "true", "ConnectionStrings:redis is not set")]
    public async Task Start_BadSettings_SaysWhatIsWrong(string setting, string value, string message)
    {
        var failure = await Should.ThrowAsync<Exception>(RouterHost.StartAsync(new Dictionary<string, string?> { [setting] = value }));

        failure.Message.ShouldContain(message);
    }
}
