using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Sharing;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>Captions over several routers around one real Redis.</summary>
public sealed class CaptionSharingTests : IAsyncLifetime
{
    private readonly List<RouterHost> _routers = [];
    private RedisServer _redis = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartNewAsync(Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var router in _routers)
        {
            await router.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Viewer_AtAnotherRouter_SeesTheSame()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var script = one.Publish("demo").Say("Before anybody came.").EndUtterance().Silence(2);
        var here = await one.UntilAsync("demo", log => log.LastId == 1);
        await two.UntilAsync("demo", log => log.LastId == 1);

        using var viewer = await two.ConnectAsync("/v1/captions/demo/ws");
        (await viewer.NextAsync()).ShouldNotBeNull().GetProperty("captions").GetArrayLength().ShouldBe(1);
        script.Say("While they watched.").Guess(" and").EndUtterance().Silence(2).Say("At the end.").End();
        var events = await viewer.UntilAsync("ended");

        events.Captions().ShouldBe(["While they watched.", "At the end."]);
        foreach (var file in new[] { "captions.vtt", "captions.json", "live.m3u8" })
        {
            (await two.GetAsync($"/v1/captions/demo/{file}")).ShouldBe(await one.GetAsync($"/v1/captions/demo/{file}"));
        }

        (await two.UntilAsync("demo", log => log.HasEnded)).ViewToken.ShouldBe(here.ViewToken);
    }

    [Fact]
    public async Task Captions_RouterGone_AreStillThere()
    {
        var one = await StartAsync();
        one.Publish("demo").Say("What remains.").End();
        await one.UntilAsync("demo", log => log.HasEnded);
        var text = await one.GetAsync("/v1/captions/demo/captions.vtt");
        await one.DisposeAsync();
        _routers.Remove(one);

        var two = await StartAsync();
        await two.UntilAsync("demo", log => log.HasEnded);

        (await two.GetAsync("/v1/captions/demo/captions.vtt")).ShouldBe(text);
    }

    [Fact]
    public async Task Session_GoesOnAtAnotherRouter_LosesAndDoublesNoWord()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var script = one.Publish("demo").Say("The first sentence is done.").EndUtterance().Silence(2).Say("The second goes");
        await two.UntilAsync("demo", log => log.Tentative?.Text == "The second goes");
        using var viewer = await two.ConnectAsync("/v1/captions/demo/ws");
        await viewer.NextAsync();

        // The other router hears the open utterance's last word once more.
        var resumed = two.Publish("demo");
        resumed.Now = script.Now - TimeSpan.FromMilliseconds(400);
        resumed.Say("goes on elsewhere.").EndUtterance().Silence(2).End();
        var events = await viewer.UntilAsync("ended");

        events.Captions().ShouldBe(["The second goes on elsewhere."]);
        (await two.GetAsync("/v1/captions/demo/captions.txt")).ShouldStartWith("The first sentence is done.\n");

        // The first one finds out, and what its session still says does not count.
        await one.Services.GetRequiredService<CaptionKeeper>().KeepAsync();
        script.Say("Nobody hears this.").End();
        var late = await one.UntilAsync("demo", log => log.HasEnded);
        late.Log.Captions.Select(caption => caption.Text).ShouldBe(["The first sentence is done.", "The second goes on elsewhere."]);
    }

    [Fact]
    public async Task Claim_NameInUse_IsRefusedAtEveryRouter()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var (here, there) = (one.Services.GetRequiredService<ICaptionNames>(), two.Services.GetRequiredService<ICaptionNames>());
        await here.ClaimAsync("t", "demo", "a", Token);

        foreach (var names in new[] { here, there })
        {
            var error = await Should.ThrowAsync<MeshException>(async () => await names.ClaimAsync("t", "demo", "b", Token));
            (error.Reason, error.Field).ShouldBe((CaptionClaims.TakenReason, "caption_name"));
        }

        await there.ClaimAsync("other", "demo", "b", Token);
        await here.ClaimAsync("t", "demo", "a", Token);

        // The same session may come from another router.
        await there.ClaimAsync("t", "demo", "a", Token);
        (await Should.ThrowAsync<MeshException>(async () => await here.ClaimAsync("t", "no name", "a", Token))).Field.ShouldBe("caption_name");
    }

    [Fact]
    public async Task Redis_Lost_LocalViewersGoOnAndItIsMadeUpFor()
    {
        var one = await StartAsync();
        var script = one.Publish("demo").Say("Before.").EndUtterance().Silence(2);
        await one.UntilAsync("demo", log => log.LastId == 1);
        using var viewer = await one.ConnectAsync("/v1/captions/demo/ws");
        await viewer.NextAsync();
        var link = one.Services.GetRequiredService<RedisLink>();

        await _redis.KillAsync();
        await Bounds.UntilAsync(() => link.Connection is null);
        script.Say("Meanwhile.").EndUtterance().Silence(2);
        (await viewer.UntilAsync("caption")).Captions().ShouldBe(["Meanwhile."]);
        await _redis.StartAsync(Token);
        await Bounds.UntilAsync(() => link.Connection is not null);
        await one.Services.GetRequiredService<CaptionKeeper>().KeepAsync();

        var two = await StartAsync();
        var there = await two.UntilAsync("demo", log => log.LastId == 2);
        there.Log.Captions.Select(caption => caption.Text).ShouldBe(["Before.", "Meanwhile."]);
    }

    private async Task<RouterHost> StartAsync()
    {
        var router = await RouterHost.StartAsync(new Dictionary<string, string?> { ["ConnectionStrings:redis"] = _redis.ConnectionString });
        _routers.Add(router);
        await router.Services.GetRequiredService<RedisLink>().WaitAsync(Token).Bounded();
        return router;
    }
}
