using System.Net;
using System.Text.Json;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tests.Tenants;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>Who may watch where keys are asked for.</summary>
public sealed class CaptionAccessTests : IAsyncLifetime
{
    private TenantMesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await TenantMesh.StartAsync();

    public async ValueTask DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task Get_SameNameOfTwoTenants_NeverMeets()
    {
        var one = await _mesh.CreateKeyAsync("one");
        var two = await _mesh.CreateKeyAsync("two");
        await PublishAsync("one", "One's words.");
        await PublishAsync("two", "Two's words.");

        (await TextAsync("/v1/captions/talk/captions.txt", one.Key)).ShouldBe("One's words.\n");
        (await TextAsync("/v1/captions/talk/captions.txt", two.Key)).ShouldBe("Two's words.\n");
        var link = JsonDocument.Parse(await TextAsync("/v1/captions/talk/link", one.Key)).RootElement;
        var view = link.GetProperty("view").GetString()!;
        view.Length.ShouldBe(32);
        (await TextAsync($"/v1/captions/talk/captions.txt?view={view}", null)).ShouldBe("One's words.\n");
        var playlist = await TextAsync(link.GetProperty("hls").GetString()!, null);
        playlist.ShouldContain($"&view={view}\n");
        (await TextAsync(link.GetProperty("vtt").GetString()!, null)).ShouldContain("One's words.");
    }

    [Fact]
    public async Task Get_WithoutRight_TellsNothing()
    {
        await PublishAsync("one", "Secret.");
        var other = await _mesh.CreateKeyAsync("two");
        var speaker = await _mesh.CreateKeyAsync("one", scopes: Scopes.Speak);

        foreach (var path in new[] { "", "/events", "/captions.vtt", "/live.m3u8", "/seg-0.vtt" })
        {
            await ShouldBeAsync(HttpStatusCode.Unauthorized, "/v1/captions/talk" + path, null);
            await ShouldBeAsync(HttpStatusCode.Unauthorized, "/v1/captions/nothing" + path, null);
            await ShouldBeAsync(HttpStatusCode.Forbidden, "/v1/captions/talk" + path, speaker.Key);
            var known = await ShouldBeAsync(HttpStatusCode.NotFound, "/v1/captions/talk" + path, other.Key);
            (await ShouldBeAsync(HttpStatusCode.NotFound, "/v1/captions/nothing" + path, other.Key)).ShouldBe(known);
            (await ShouldBeAsync(HttpStatusCode.NotFound, $"/v1/captions/talk{path}?view={new string('0', 32)}", null)).ShouldBe(known);
        }

        await ShouldBeAsync(HttpStatusCode.NotFound, "/v1/captions/talk/link", other.Key);
    }

    private async Task PublishAsync(string tenant, string text)
    {
        _mesh.Router.Publish("talk", "same-id", tenant).Say(text).EndUtterance().Silence(12);
        await _mesh.Router.UntilAsync("talk", log => log.Settled > TimeSpan.FromSeconds(10), tenant);
    }

    private async Task<string> TextAsync(string path, string? key)
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, path, key);
        var text = await response.Content.ReadAsStringAsync(Token);
        ((int)response.StatusCode).ShouldBe(200, text);
        return text;
    }

    private async Task<string> ShouldBeAsync(HttpStatusCode status, string path, string? key)
    {
        using var response = await _mesh.SendAsync(HttpMethod.Get, path, key);
        response.StatusCode.ShouldBe(status, path);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
