using System.Net;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Promises;

/// <summary>F05 with several routers: what killed three workers is refused at every router, also at one that starts later.</summary>
public sealed class RefusedAudioSharingTests : IAsyncLifetime
{
    private static readonly byte[] Poison = [.. Forms.Wav, 66];

    private readonly List<FakeWorker> _workers = [];
    private RedisServer _redis = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartNewAsync(Token);
        foreach (var id in (string[])["one", "two", "three"])
        {
            var worker = await FakeWorker.StartAsync(id);
            worker.Speech.OnTranscribe = async call => await (await call.ReadAllAsync() == Poison.Length
                ? worker.DieAfterFlushAsync(call.Context)
                : call.SummaryAsync());
            _workers.Add(worker);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task PoisonAudio_IsRefusedAtRoutersThatNeverSawIt()
    {
        await using var first = await StartRouterAsync();
        await using var second = await StartRouterAsync();
        for (var i = 0; i < 3; i++)
        {
            using var response = await PostAsync(first);
        }

        await UntilRefusedAsync(second);
        await using var later = await StartRouterAsync();
        await UntilRefusedAsync(later);

        _workers.Sum(worker => worker.Speech.Configs.Count).ShouldBe(3);
    }

    [Fact]
    public async Task PoisonAudio_ThatKilledWhileRedisWasAway_IsRefusedEverywhereOnceItIsBack()
    {
        await using var first = await StartRouterAsync();
        await using var second = await StartRouterAsync();
        await _redis.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            using var response = await PostAsync(first);
        }

        await UntilRefusedAsync(first);
        second.Knows(Poison).ShouldBeFalse();
        await _redis.StartAsync(Token);

        await UntilRefusedAsync(second);
        _workers.Sum(worker => worker.Speech.Configs.Count).ShouldBe(3);
    }

    private Task<RouterHost> StartRouterAsync() => RouterHost.StartAsync(
        new Dictionary<string, string?>
        {
            ["ConnectionStrings:redis"] = _redis.ConnectionString,
            ["Router:FailedWorkerPause"] = "00:00:00.001",
        },
        [.. _workers.Select(worker => worker.Lease)]);

    private static Task<HttpResponseMessage> PostAsync(RouterHost router) =>
        router.Http.PostAsync("/v1/audio/transcriptions", Forms.WithFile(Poison), Token).Bounded();

    // Nothing is sent before the router knows: each try would cost a worker.
    private static async Task UntilRefusedAsync(RouterHost router)
    {
        await Bounds.UntilAsync(() => router.Knows(Poison));
        using var response = await PostAsync(router);
        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.BadRequest, "file", "audio_refused");
    }
}
