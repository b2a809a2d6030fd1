using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Live.Sockets;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Tenants;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>Live streams over WebSockets, as browsers speak them.</summary>
public sealed class LiveSocketTests : IAsyncLifetime
{
    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:AllowedOrigins:0"] = "https://captions.example.com" }, _worker.LiveLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Stream_ConfigAudioComplete_GivesWordsSummaryAndAGoodbye()
    {
        using var client = await LiveSocketClient.OpenAsync(_router, null, LiveSocketEndpoint.Protocol);
        await client.SendAsync(LiveSocketClient.Config);
        var started = await client.UntilAsync("started");
        await client.SayAsync("from the ");
        await client.SendAsync("""{"audio":{"data":"YnJvd3Nlcg==","position":"9"}}""");
        await client.SendAsync("""{"commit":{}}""");
        await client.SayAsync(" and more.");
        await client.SendAsync("""{"complete":{}}""");

        var finals = await client.FinalsAsync();

        client.Protocol.ShouldBe(LiveSocketEndpoint.Protocol);
        started.GetProperty("workerId").GetString().ShouldBe("one");
        finals.ShouldBe(["from the browser", "and more."]);
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Stream_ConnectionBreaks_IsResumed()
    {
        string? token;
        using (var first = await LiveSocketClient.OpenAsync(_router))
        {
            await first.SendAsync(LiveSocketClient.Config);
            token = (await first.UntilAsync("started")).GetProperty("resumeToken").GetString();
            await first.SayAsync("before ");
            await first.UntilAsync("update");
        }

        using var second = await LiveSocketClient.OpenAsync(_router);
        await second.SendAsync(LiveSocketClient.Config.Replace("}}}", "},\"resume\":{\"token\":\"" + token + "\"}}}", StringComparison.Ordinal));
        (await second.UntilAsync("started")).GetProperty("position").GetString().ShouldBe("7");
        await second.SayAsync("and after.");
        await second.SendAsync("""{"complete":{}}""");

        (await second.FinalsAsync()).ShouldBe(["before and after."]);
    }

    [Fact]
    public async Task Close_WithCode1000_IsTheEndOfTheAudio()
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");
        await client.SayAsync("that is all.");

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure);

        await Bounds.UntilAsync(() => Sessions.Sessions.Count == 0);
        _worker.Live.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Close_WithCode1001_WaitsForTheClient()
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");

        await client.CloseAsync(WebSocketCloseStatus.EndpointUnavailable);

        await Bounds.UntilAsync(() => Sessions.Sessions is [{ Connected: false }]);
    }

    [Theory]
    [InlineData("no json", "message")]
    [InlineData("""{"colour":"red"}""", "message")]
    [InlineData("[]", "message")]
    [InlineData("""{"config":{"latency":"LIVE_LATENCY_NEVER"}}""", "message")]
    [InlineData("""{"config":{}}""", "audio_format")]
    [InlineData("""{"commit":{}}""", null)]
    [InlineData("""{"complete":{}}""", null)]
    public async Task FirstMessage_Bad_IsRefusedByNameAndClosed(string text, string? param)
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(text);

        var error = await client.UntilAsync("error");

        error.GetProperty("param").GetString().ShouldBe(param);
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Theory]
    [InlineData("""{"audio":{"data":"YQ==","position":"5"}}""", "audio.position")]
    [InlineData("nonsense", "message")]
    [InlineData(LiveSocketClient.Config, null)]
    public async Task LaterMessage_Bad_IsRefusedByNameAndTheStreamCanBeResumed(string text, string? param)
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");
        await client.SendAsync(text);

        (await client.UntilAsync("error")).GetProperty("param").GetString().ShouldBe(param);

        (await client.NextAsync()).ShouldBeNull();
        Sessions.Sessions.ShouldHaveSingleItem().Connected.ShouldBeFalse();
    }

    [Fact]
    public async Task Message_TooLarge_IsRefused()
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");
        await client.SayAsync(new string('_', 65_537));

        (await client.UntilAsync("error")).GetProperty("param").GetString().ShouldBe("audio.data");
    }

    [Fact]
    public async Task Stream_NoWorker_ClosesWithTryAgainLater()
    {
        _router.Directory.Workers = [];
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);

        (await client.UntilAsync("error")).GetProperty("code").GetString().ShouldBe("no_worker");
        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(LiveCloseCodes.TryAgainLater);
    }

    [Fact]
    public async Task Router_IsStopped_ClosesWithServiceRestart()
    {
        using var client = await LiveSocketClient.OpenAsync(_router);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");

        var stopping = _router.App.StopAsync(TestContext.Current.CancellationToken);
        (await client.UntilAsync("error")).GetProperty("code").GetString().ShouldBe("draining");
        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(LiveCloseCodes.ServiceRestart);
        await stopping.Bounded();
    }

    [Theory]
    [InlineData("https://captions.example.com", true)]
    [InlineData("https://evil.example.com", false)]
    [InlineData("null", false)]
    public async Task Connect_FromAnotherSitesPage_OnlyWhereTheSettingsAllowIt(string origin, bool allowed)
    {
        var connecting = LiveSocketClient.OpenAsync(_router, origin);

        if (allowed)
        {
            (await connecting).Dispose();
        }
        else
        {
            (await Should.ThrowAsync<WebSocketException>(connecting)).Message.ShouldContain("403");
        }
    }

    [Fact]
    public async Task Connect_FromTheRoutersOwnPage_IsAllowed()
    {
        using var client = await LiveSocketClient.OpenAsync(_router, _router.Http.BaseAddress!.GetLeftPart(UriPartial.Authority));
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");
    }

    [Fact]
    public async Task Get_WithoutUpgrade_IsRefused()
    {
        using var response = await _router.Http.GetAsync("/v1/live", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Connect_MeshWithKeys_TakesTheKeyFromTheProtocols()
    {
        await using var mesh = await TenantMesh.StartAsync();
        mesh.Router.Directory.Workers = [mesh.Worker.LiveLease];
        var key = await mesh.CreateKeyAsync("one");

        using var client = await LiveSocketClient.OpenAsync(mesh.Router, null, LiveSocketEndpoint.Protocol, "whispermesh-key." + key.Key);
        await client.SendAsync(LiveSocketClient.Config);
        await client.UntilAsync("started");

        client.Protocol.ShouldBe(LiveSocketEndpoint.Protocol);
        (await Should.ThrowAsync<WebSocketException>(LiveSocketClient.OpenAsync(mesh.Router, null, LiveSocketEndpoint.Protocol)))
            .Message.ShouldContain("401");
        (await Should.ThrowAsync<WebSocketException>(LiveSocketClient.OpenAsync(mesh.Router, null, LiveSocketEndpoint.Protocol, "whispermesh-key.wrong")))
            .Message.ShouldContain("401");
    }

    private ILiveSessions Sessions => _router.Services.GetRequiredService<ILiveSessions>();
}
