using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tenants.Usage;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class UsageApiTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await TenantMesh.StartAsync();

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task Usage_AfterRequestsOfBothKinds_HasThemByKeyModelAndLanguage()
    {
        var first = await _mesh.CreateKeyAsync("one");
        var second = await _mesh.CreateKeyAsync("one");
        await TranscribeAsync(first);
        await TranscribeAsync(first);
        await SpeakAsync(second, "Hello.");

        var usage = await UsageAsync("?group_by=key,model,language", first.Key);

        usage.GetProperty("total").GetRawText().ShouldBe("""{"requests":3,"audio_seconds":5,"characters":6,"price":0}""");
        var rows = usage.GetProperty("data").EnumerateArray().ToDictionary(row => row.GetProperty("key").GetString()!);
        rows[first.Id].GetProperty("requests").GetInt32().ShouldBe(2);
        rows[first.Id].GetProperty("audio_seconds").GetDouble().ShouldBe(5);
        rows[first.Id].GetProperty("model").GetString().ShouldBe("whisper-base");
        rows[first.Id].GetProperty("language").GetString().ShouldBe("en");
        rows[second.Id].GetProperty("characters").GetInt32().ShouldBe(6);
        rows[second.Id].TryGetProperty("day", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Usage_OfAnotherTenant_IsNotFoundWhetherItExistsOrNot()
    {
        var one = await _mesh.CreateKeyAsync("one");
        var two = await _mesh.CreateKeyAsync("two");
        await TranscribeAsync(two);

        using var existing = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage?tenant=two", one.Key);
        using var missing = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage?tenant=six", one.Key);
        using var all = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage?tenant=*", one.Key);

        existing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        all.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ApiTest.BodyAsync(existing)).Replace("two", "six", StringComparison.Ordinal).ShouldBe(await ApiTest.BodyAsync(missing));
        (await UsageAsync("", one.Key)).GetProperty("total").GetProperty("requests").GetInt32().ShouldBe(0);
        var forAdmin = await UsageAsync("?tenant=*&group_by=tenant", TenantMesh.AdminKey);
        forAdmin.GetProperty("data").EnumerateArray().ShouldHaveSingleItem().GetProperty("tenant").GetString().ShouldBe("two");
    }

    [Fact]
    public async Task Usage_OfAFailedRequest_IsNotCounted()
    {
        var key = await _mesh.CreateKeyAsync("one");
        using var failed = await _mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, JsonContent.Create(new { model = "none", input = "x" }));
        failed.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await UsageAsync("", key.Key)).GetProperty("total").GetProperty("requests").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Write_SameEntryTwice_CountsOnce()
    {
        var store = _mesh.Router.Services.GetRequiredService<UsageStore>();
        var at = TimeProvider.System.GetUtcNow();
        var entry = new UsageEntry
        {
            Id = "run",
            Tenant = "one",
            At = at,
            Slot = new UsageSlot("key", "model", "en", ""),
            Amounts = new UsageAmounts(1, 1500, 0, 0),
        };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.WriteAsync(entry, Token)));

        var used = await store.ReadAsync("one", DateOnly.FromDateTime(at.UtcDateTime), Token);
        used.ShouldHaveSingleItem().Value.ShouldBe(new UsageAmounts(1, 1500, 0, 0));
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-02-02&to=2026-01-01", "from")]
    [InlineData("?from=1999-01-01&to=2026-01-01", "from")]
    [InlineData("?group_by=shoe-size", "group_by")]
    [InlineData("?until=2026-01-01", "until")]
    [InlineData("?tenant=", "tenant")]
    public async Task Usage_BadQuery_NamesTheParameter(string query, string param)
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage" + query, TenantMesh.AdminKey);

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, param);
    }

    private async Task<JsonElement> UsageAsync(string query, string key)
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, "/v1/usage" + query, key);
        var body = await ApiTest.BodyAsync(response);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private async Task TranscribeAsync(MadeKey key) =>
        (await _mesh.SendAsync(HttpMethod.Post, "/v1/audio/transcriptions", key.Key, Forms.Of(("model", "whisper-1"))))
            .StatusCode.ShouldBe(HttpStatusCode.OK);

    private async Task SpeakAsync(MadeKey key, string text)
    {
        var body = JsonContent.Create(new { model = "tts-1", input = text, response_format = "wav" });
        using var response = await _mesh.SendAsync(HttpMethod.Post, "/v1/audio/speech", key.Key, body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ApiTest.BodyAsync(response);
    }
}
