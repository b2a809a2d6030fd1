using System.Net;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Cache;

/// <summary>Redis down: the cache is off, requests go on; Redis back: so is the cache.</summary>
public sealed class RedisLostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcribe_RedisKilledAndBack_IsServedThroughout()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var mesh = await CachedMesh.StartAsync(redis.ConnectionString);
        (await PostAsync(mesh)).Cache.ShouldBe("miss");
        (await PostAsync(mesh)).Cache.ShouldBe("hit");

        await redis.KillAsync();
        for (var i = 0; i < 5; i++)
        {
            var answer = await PostAsync(mesh);
            (answer.Status, answer.Cache).ShouldBe((HttpStatusCode.OK, null));
        }

        await redis.StartAsync(Token);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        end.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await PostAsync(mesh)).Cache != "hit")
        {
            await beat.WaitForNextTickAsync(end.Token);
        }
    }

    [Fact]
    public async Task Transcribe_RedisKilledMeanwhile_IsServed()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var mesh = await CachedMesh.StartAsync(redis.ConnectionString);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mesh.Worker.Speech.OnTranscribe = async call =>
        {
            await call.ReadAllAsync();
            begun.TrySetResult();
            await go.Task.WaitAsync(call.Context.CancellationToken);
            await call.SegmentAsync(0, 0, 1, "all the same");
            await call.SummaryAsync();
        };

        var answer = PostAsync(mesh);
        await begun.Task.Bounded();
        await redis.KillAsync();
        go.SetResult();

        (await answer.Bounded()).Body.ShouldContain("all the same");
    }

    private static Task<Answer> PostAsync(CachedMesh mesh) => Answer.OfAsync(mesh.Router, Forms.Of());
}
