using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>Viewers of one router, without keys and without Redis.</summary>
public sealed class ViewerTests : IAsyncLifetime
{
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _router = await RouterHost.StartAsync();

    public async ValueTask DisposeAsync() => await _router.DisposeAsync();

    [Fact]
    public async Task Ws_Session_TellsItFromStateToEnd()
    {
        var script = _router.Publish("demo");
        await _router.UntilAsync("demo", _ => true);
        using var viewer = await _router.ConnectAsync("/v1/captions/demo/ws");
        var state = (await viewer.NextAsync()).ShouldNotBeNull();
        CaptionRouter.TypeOf(state).ShouldBe("state");
        state.GetProperty("captions").GetArrayLength().ShouldBe(0);

        script.Say("Good evening and welcome to the show.").Guess(" Tonight").EndUtterance().Silence(2).Say("Bye.").End();
        var events = await viewer.UntilAsync("ended");

        events.Captions().ShouldBe(["Good evening and welcome to the show.", "Bye."]);
        events[^1].GetProperty("id").GetInt64().ShouldBe(2);
        (await viewer.NextAsync()).ShouldBeNull();
        viewer.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Ws_JoinedLate_GetsWhatIsOnTheScreen()
    {
        _router.Publish("demo").Say("This is the first sentence.").EndUtterance().Silence(2).Say("And this").Guess(" is the");
        await _router.UntilAsync("demo", log => log.Tentative?.Tentative == " is the");

        using var viewer = await _router.ConnectAsync("/v1/captions/demo/ws");
        var state = (await viewer.NextAsync()).ShouldNotBeNull();

        state.GetProperty("captions").EnumerateArray().Single().GetProperty("lines")[0].GetString().ShouldBe("This is the first sentence.");
        state.GetProperty("tentative").GetProperty("text").GetString().ShouldBe("And this");
        state.GetProperty("tentative").GetProperty("tentative").GetString().ShouldBe(" is the");
        state.GetProperty("tentative").GetProperty("lag").GetDouble().ShouldBe(1);
        state.GetProperty("state").GetString().ShouldBe("live");
    }

    [Fact]
    public async Task Ws_ViewerSpeaks_IsClosed()
    {
        _router.Publish("demo");
        await _router.UntilAsync("demo", _ => true);
        using var viewer = await _router.ConnectAsync("/v1/captions/demo/ws");
        await viewer.NextAsync();

        await viewer.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Token);

        (await viewer.NextAsync()).ShouldBeNull();
        viewer.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Ws_ViewerGoes_LeavesNothing()
    {
        _router.Publish("demo");
        var channel = await _router.UntilAsync("demo", _ => true);
        var viewer = await _router.ConnectAsync("/v1/captions/demo/ws");
        await viewer.NextAsync();
        channel.ViewerCount.ShouldBe(1);

        viewer.Abort();

        await Bounds.UntilAsync(() => channel.ViewerCount == 0);
    }

    [Fact]
    public async Task Ws_ProducerPauses_ViewersAreTold()
    {
        var script = _router.Publish("demo").Say("One");
        await _router.UntilAsync("demo", log => log.Tentative is not null);
        using var viewer = await _router.ConnectAsync("/v1/captions/demo/ws");
        await viewer.NextAsync();

        script.Status(connected: false);
        var paused = (await viewer.UntilAsync("status"))[^1];
        script.Status(LiveLoad.Busy);
        var live = (await viewer.UntilAsync("status"))[^1];

        paused.GetProperty("state").GetString().ShouldBe("paused");
        live.GetProperty("state").GetString().ShouldBe("live");
        live.GetProperty("busy").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Events_BrokenConnection_GoesOnWithoutLossOrRepeat()
    {
        var script = _router.Publish("demo").Say("Number one.").EndUtterance().Silence(2);
        await _router.UntilAsync("demo", log => log.LastId == 1);
        string id;
        using (var first = await SseReader.OpenAsync(_router, "/v1/captions/demo/events"))
        {
            (await first.NextAsync())!.Type.ShouldBe("state");
            script.Say("Number two.").EndUtterance().Silence(2);
            id = (await first.UntilAsync("caption")).Id.ShouldNotBeNull();
        }

        script.Say("Number three.").EndUtterance().Silence(2).Say("Number four.").EndUtterance().Silence(2);
        using var second = await SseReader.OpenAsync(_router, "/v1/captions/demo/events", id);
        script.End();
        List<SseEvent> events = [];
        while (await second.NextAsync() is { } next)
        {
            events.Add(next);
        }

        events.Where(one => one.Type == "caption").Select(one => one.Data.GetProperty("text").GetString())
            .ShouldBe(["Number three.", "Number four."]);
        events[^1].Type.ShouldBe("ended");
        using var third = await SseReader.OpenAsync(_router, "/v1/captions/demo/events", events[^1].Id);
        third.Status.ShouldBe(204);
    }

    [Fact]
    public async Task Events_UnknownPlace_GetsThePresent()
    {
        _router.Publish("demo").Say("Number one.").EndUtterance().Silence(2);
        await _router.UntilAsync("demo", log => log.LastId == 1);

        using var viewer = await SseReader.OpenAsync(_router, "/v1/captions/demo/events", "ffffffff-17");

        (await viewer.NextAsync())!.Type.ShouldBe("state");
    }

    [Fact]
    public async Task SecondSession_SameName_StartsAnewForTheSameViewers()
    {
        _router.Publish("demo", "first").Say("Old words.").End();
        var channel = await _router.UntilAsync("demo", log => log.HasEnded);
        var token = channel.ViewToken;

        _router.Publish("demo", "second").Say("New words.").EndUtterance();
        channel = await _router.UntilAsync("demo", log => !log.HasEnded && log.LastId == 1);

        channel.Log.Captions.Single().Text.ShouldBe("New words.");
        channel.ViewToken.ShouldBe(token);
    }

    [Fact]
    public async Task SecondSession_WhileTheFirstRuns_IsNotPublished()
    {
        var first = _router.Publish("demo", "first").Say("The first.").EndUtterance();
        await _router.UntilAsync("demo", log => log.LastId == 1);

        _router.Publish("demo", "second").Say("The second.").EndUtterance().End();
        first.Say("Still the first.").EndUtterance();

        var channel = await _router.UntilAsync("demo", log => log.LastId == 2);
        channel.Log.Captions.Select(caption => caption.Text).ShouldBe(["The first.", "Still the first."]);
    }

    [Fact]
    public async Task Final_WordsThatNoUpdateTold_AreThereOnce()
    {
        _router.Publish("demo").Say("We said").EndUtterance("so", "here.").End();

        var channel = await _router.UntilAsync("demo", log => log.HasEnded);

        channel.Log.Captions.Single().Text.ShouldBe("We said so here.");
    }

    [Theory]
    [InlineData("/v1/captions/nothing", 404)]
    [InlineData("/v1/captions/nothing/events", 404)]
    [InlineData("/v1/captions/nothing/live.m3u8", 404)]
    [InlineData("/v1/captions/no%20name", 404)]
    [InlineData("/v1/captions/demo/ws", 400)]
    [InlineData("/v1/captions/demo/events?history=-1", 400)]
    [InlineData("/v1/captions/demo/events?history=many", 400)]
    public async Task Get_BadRequest_GetsAnError(string path, int status)
    {
        _router.Publish("demo");
        await _router.UntilAsync("demo", _ => true);

        using var response = await _router.Http.GetAsync(path, Token).Bounded();

        ((int)response.StatusCode).ShouldBe(status);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        if (status == 404)
        {
            error.GetProperty("code").GetString().ShouldBe("captions_not_found");
        }
    }

    [Fact]
    public async Task Ws_FromAnotherSite_IsRefused()
    {
        _router.Publish("demo");
        await _router.UntilAsync("demo", _ => true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/captions/demo/events");
        request.Headers.Add("Origin", "https://elsewhere.example");

        using var response = await _router.Http.SendAsync(request, Token).Bounded();

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Page_AnyName_IsServedStrictly()
    {
        using var page = await _router.Http.GetAsync("/captions/demo", Token).Bounded();
        using var script = await _router.Http.GetAsync("/captions/-/viewer.js", Token).Bounded();

        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'");
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        (await _router.Http.GetAsync("/captions/-/index.html", Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
