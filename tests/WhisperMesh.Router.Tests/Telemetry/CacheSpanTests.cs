using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Tests.Cache;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>Where a result came from, as traces show it.</summary>
public sealed class CacheSpanTests(CacheFixture redis) : IAsyncLifetime
{
    private readonly OwnSpans _spans = new();
    private CachedMesh _mesh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mesh = await CachedMesh.StartAsync(redis.ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        _spans.Dispose();
    }

    [Fact]
    public async Task Transcribe_SameUploadAgain_LinksToTheTraceThatMadeIt()
    {
        var first = await _spans.OfAsync(PostAsync);
        await CachedMesh.UntilLandedAsync(_mesh.Router);
        var second = await _spans.OfAsync(PostAsync);

        first.Select(span => span.DisplayName).ShouldBe(["accept", "cache", "admission", "route", "attempt", "response"]);
        first.Select(span => span.ParentSpanId).Distinct().ShouldHaveSingleItem();
        CacheOf(first).GetTagItem("whispermesh.cache.outcome").ShouldBe("miss");
        CacheOf(first).Links.ShouldBeEmpty();
        second.Select(span => span.DisplayName).ShouldBe(["accept", "cache", "response"]);
        CacheOf(second).GetTagItem("whispermesh.cache.outcome").ShouldBe("hit");
        CacheOf(second).Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(first[0].TraceId);
    }

    [Fact]
    public async Task Transcribe_SameUploadMeanwhile_LinksToTheTraceThatMakesIt()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _mesh.Worker.Speech.OnTranscribe = async call =>
        {
            await call.StartedAsync();
            begun.TrySetResult();
            await goOn.Task.Bounded();
            await call.ReadAllAsync();
            await call.SegmentAsync(0, 0, 1.5, "shared");
            await call.SummaryAsync();
        };

        var first = _spans.OfAsync(PostAsync);
        await begun.Task.Bounded();
        var second = _spans.OfAsync(async () =>
        {
            var post = PostAsync();
            await Bounds.UntilAsync(() => _mesh.Router.Services.GetRequiredService<FlightBoard>().Travellers == 2);
            goOn.SetResult();
            await post;
        });

        var lookup = CacheOf(await second);
        lookup.GetTagItem("whispermesh.cache.outcome").ShouldBe("shared");
        lookup.Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe((await first)[0].TraceId);
        _mesh.Decodes.ShouldBe(1);
    }

    private static Activity CacheOf(IReadOnlyList<Activity> spans) => spans.Single(span => span.DisplayName == "cache");

    private async Task PostAsync()
    {
        using var response = await _mesh.Router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();
        (await ApiTest.BodyAsync(response)).ShouldContain("text");
    }
}
