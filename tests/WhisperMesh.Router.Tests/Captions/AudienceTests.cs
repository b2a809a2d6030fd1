using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Captions.Viewers;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>One producer and a large audience, some of which does not keep up.</summary>
public sealed class AudienceTests
{
    private const int Viewers = 1000;
    private const int Captions = 200;

    [Fact]
    public async Task Publish_ThousandViewersAndAStuckOne_AllOthersGetAllAndNobodyWaits()
    {
        await using var router = await RouterHost.StartAsync(new Dictionary<string, string?> { ["Router:Captions:ViewerQueue"] = "16" });
        var loop = router.Services.GetRequiredService<ViewerLoop>();
        var script = router.Publish("demo");
        var channel = await router.UntilAsync("demo", _ => true);
        var fast = Enumerable.Range(0, Viewers).Select(_ => new Audience()).ToList();
        var stuck = new Audience { Gate = new TaskCompletionSource() };
        var watching = fast.Append(stuck)
            .Select(viewer => loop.RunAsync(channel, viewer, null, 0, TestContext.Current.CancellationToken)).ToList();
        await Bounds.UntilAsync(() => channel.ViewerCount == Viewers + 1);

        for (var i = 1; i <= Captions; i++)
        {
            script.Say($"Caption {i}.").Guess(" and so on").EndUtterance().Silence(2);

            // The producer waits for nobody; the test does, so that only the stuck viewer falls behind.
            if (i % 8 == 0)
            {
                var count = i;
                await Bounds.UntilAsync(() => fast.TrueForAll(viewer => viewer.Ids.Count == count));
            }
        }

        stuck.Types.Count.ShouldBe(1, "it is still at its first message");
        script.End();
        await Bounds.UntilAsync(() => channel.Log.HasEnded);
        stuck.Gate.SetResult();
        (await Task.WhenAll(watching).Bounded()).ShouldAllBe(inTime => inTime);

        var all = Enumerable.Range(1, Captions).Select(id => (long)id).ToList();
        fast.TrueForAll(viewer => viewer.Ids.SequenceEqual(all)).ShouldBeTrue();
        stuck.Types[^1].ShouldBe("state", "it is taken to the present");
        stuck.Skipped.ShouldBe(Captions);

        // Serialised once for all: everyone holds the same bytes.
        var shared = fast[0].Kept;
        fast.TrueForAll(viewer => viewer.Kept.Count == shared.Count && viewer.Kept.Zip(shared).All(pair => ReferenceEquals(pair.First, pair.Second)))
            .ShouldBeTrue();
        channel.ViewerCount.ShouldBe(0);
    }

    [Fact]
    public void Post_ViewerThatTakesNothing_HoldsNoMoreThanItsQueue()
    {
        var viewer = new Viewer(4);
        for (var i = 1; i <= 10_000; i++)
        {
            viewer.Post(SharedEvent.Of(new CaptionEvent { Type = CaptionEventTypes.Tentative, Run = "r", Text = $"{i}" }));
        }

        viewer.IsLost.ShouldBeFalse();
        JsonDocument.Parse(viewer.TryTake()!.Json).RootElement.GetProperty("text").GetString().ShouldBe("10000");
        viewer.TryTake().ShouldBeNull();
        for (var i = 1; i <= 5; i++)
        {
            viewer.Post(SharedEvent.Of(new CaptionEvent { Type = CaptionEventTypes.Caption, Run = "r", Id = i }));
        }

        viewer.IsLost.ShouldBeTrue();
        viewer.TryTake().ShouldBeNull();
    }

    [Fact]
    public async Task Run_MessageThatDoesNotArrive_GivesTheViewerUp()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var options = Options.Create(new CaptionOptions());
        await using var router = await RouterHost.StartAsync();
        var loop = new ViewerLoop(
            options,
            router.Services.GetRequiredService<ServiceDefaults.Health.DrainState>(),
            time,
            router.Services.GetRequiredService<CaptionMetrics>(),
            NullLogger<ViewerLoop>.Instance);
        var channel = new CaptionChannel(new ChannelKey("t", "n"), "token", CaptionLog.Empty, options.Value, time);
        var stuck = new Audience { Gate = new TaskCompletionSource() };

        var watching = loop.RunAsync(channel, stuck, null, 0, TestContext.Current.CancellationToken);
        await Bounds.UntilAsync(() => stuck.Types.Count == 1);
        time.Advance(options.Value.ViewerTimeout);

        (await watching.Bounded()).ShouldBeFalse();
        channel.ViewerCount.ShouldBe(0);
    }

    [Fact]
    public async Task Enter_MoreThanMayWatch_IsRefused()
    {
        await using var router = await RouterHost.StartAsync(new Dictionary<string, string?> { ["Router:Captions:MaxViewers"] = "1" });
        router.Publish("demo");
        await router.UntilAsync("demo", _ => true);
        using var first = await SseReader.OpenAsync(router, "/v1/captions/demo/events");
        await first.NextAsync();

        using var second = await SseReader.OpenAsync(router, "/v1/captions/demo/events");

        second.Status.ShouldBe(429);
    }

    /// <summary>A viewer's connection in memory.</summary>
    private sealed class Audience : IViewerSink
    {
        public List<long> Ids { get; } = [];

        public List<string> Types { get; } = [];

        /// <summary>The captions as they came.</summary>
        public List<byte[]> Kept { get; } = [];

        public long Skipped { get; private set; }

        /// <summary>Until it opens, the first message does not arrive.</summary>
        public TaskCompletionSource? Gate { get; init; }

        public Task SendAsync(SharedEvent message, CancellationToken cancellationToken)
        {
            Types.Add(message.Type);
            if (message.Type == CaptionEventTypes.Caption)
            {
                Ids.Add(ViewerPlace.Parse(message.Id)!.Value.Id);
                Kept.Add(message.Json);
            }
            else if (message.Type == CaptionEventTypes.State
                && JsonDocument.Parse(message.Json).RootElement.TryGetProperty("skipped", out var skipped))
            {
                Skipped = skipped.GetInt64();
            }

            return Gate?.Task ?? Task.CompletedTask;
        }

        public Task KeepAliveAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
