using System.Net;
using Grpc.Core;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Admission;

/// <summary>The queue as callers see it, through the whole router.</summary>
public sealed class AdmissionStageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_WorkerIsFull_WaitsInTheRouterAndIsServed()
    {
        await using var worker = await FakeWorker.StartAsync("a");
        var (begun, go) = Hold(worker);
        await using var router = await RouterHost.StartAsync(Leases.Transcription("a", worker.Address, limit: 1));

        var first = PostAsync(router);
        await begun.WaitAsync(Token).Bounded();
        var second = PostAsync(router);
        var third = PostAsync(router);
        await Bounds.UntilAsync(() => router.Spool.OpenFiles == 3);
        worker.Speech.Configs.Count.ShouldBe(1);
        go.Release(3);

        foreach (var reply in await Task.WhenAll(first, second, third).Bounded())
        {
            reply.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Post_QueueIsFullOfOwnRequests_Is429WithRetryAfter()
    {
        await using var worker = await FakeWorker.StartAsync("a");
        var (begun, go) = Hold(worker);
        var settings = new Dictionary<string, string?> { ["Router:Admission:QueueLimit"] = "0" };
        await using var router = await RouterHost.StartAsync(settings, Leases.Transcription("a", worker.Address, limit: 1));
        var first = PostAsync(router);
        await begun.WaitAsync(Token).Bounded();

        using var refused = await PostAsync(router);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        go.Release();
        (await first.Bounded()).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task StreamTranscribe_DeadlinePassesInTheQueue_IsDeadlineExceededAndNeverStarted()
    {
        await using var worker = await FakeWorker.StartAsync("a");
        var (begun, go) = Hold(worker);
        await using var router = await RouterHost.StartAsync(Leases.Transcription("a", worker.Address, limit: 1));
        var first = PostAsync(router);
        await begun.WaitAsync(Token).Bounded();

        using var late = router.Transcription.StreamTranscribe(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200), cancellationToken: Token);
        var error = await Should.ThrowAsync<RpcException>(async () =>
        {
            await late.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = new TranscriptionConfig() }, Token);
            await late.ResponseStream.MoveNext(Token);
        });
        go.Release();
        (await first.Bounded()).StatusCode.ShouldBe(HttpStatusCode.OK);

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        worker.Speech.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Synthesize_WorkerIsFull_WaitsItsTurn()
    {
        await using var worker = await FakeWorker.StartAsync("a");
        using var go = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        worker.Speech.OnSynthesize = async (request, responses, context) =>
        {
            begun.Release();
            await go.WaitAsync(context.CancellationToken);
            await responses.WriteAsync(Events.SynthesisStarted(request, "a"), context.CancellationToken);
            await responses.WriteAsync(Events.SynthesisSummary(request, "a"), context.CancellationToken);
        };
        await using var router = await RouterHost.StartAsync(worker.SynthesisLease);
        var calls = Enumerable.Range(0, 3).Select(_ => SpeakAsync(router)).ToList();
        await begun.WaitAsync(Token).Bounded();
        await begun.WaitAsync(Token).Bounded();
        worker.Speech.Syntheses.Count.ShouldBe(2);

        go.Release(3);

        await Task.WhenAll(calls).Bounded();
        worker.Speech.Syntheses.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Start_QueueLimitIsNegative_RefusesToStart()
    {
        var settings = new Dictionary<string, string?> { ["Router:Admission:QueueLimit"] = "-1" };

        var error = await Should.ThrowAsync<Exception>(() => RouterHost.StartAsync(settings));

        error.ToString().ShouldContain("QueueLimit");
    }

    private static (SemaphoreSlim Begun, SemaphoreSlim Go) Hold(FakeWorker worker)
    {
        var (begun, go) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        worker.Speech.OnTranscribe = async call =>
        {
            begun.Release();
            await go.WaitAsync(call.Context.CancellationToken);
            await call.StartedAsync();
            await call.SummaryAsync();
        };
        return (begun, go);
    }

    private static async Task<HttpResponseMessage> PostAsync(RouterHost router)
    {
        using var form = Forms.Of(("model", "whisper-1"));
        return await router.Http.PostAsync("v1/audio/transcriptions", form, Token);
    }

    private static async Task SpeakAsync(RouterHost router)
    {
        using var call = router.Synthesis.Synthesize(new SynthesizeRequest { Text = "hello" }, cancellationToken: Token);
        while (await call.ResponseStream.MoveNext(Token))
        {
        }
    }
}
