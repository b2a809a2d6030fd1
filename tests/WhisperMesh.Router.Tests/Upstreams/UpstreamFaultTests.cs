using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Upstreams;

/// <summary>What a caller sees, and where its request goes, when an upstream does not serve.</summary>
public sealed class UpstreamFaultTests : UpstreamTest
{
    private const string Key = "sk-test-1234567890abcdef";

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task Answer_AboutTheRequest_ReachesTheCallerWithoutTheKey(int status)
    {
        Environment.SetEnvironmentVariable("WHISPERMESH_TEST_KEY_LEAK", Key);
        Upstream.Answer = context => FakeOpenAi.ErrorAsync(context, status, $"Bad file,\n\u001b[31m key {Key} " + new string('x', 900));
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(
            Settings() with { KeyEnvironment = "WHISPERMESH_TEST_KEY_LEAK" }, ["*"], Leases.Transcription("local", local.Address, model: "other"));

        using var response = await PostAsync("transcriptions", Wav(1));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        body.ShouldContain("The upstream 'cloud' refused the request: Bad file, [31m key … xxx");
        body.ShouldContain("\"code\":\"upstream_refused\"");
        body.ShouldNotContain(Key);
        body.Length.ShouldBeLessThan(600);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(307)]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Answer_ThatIsNotAboutTheRequest_GoesToAnotherWorker(int status)
    {
        Upstream.Answer = context =>
        {
            context.Response.Headers.Location = "/v1/elsewhere";
            return FakeOpenAi.ErrorAsync(context, status, "not today");
        };
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings() with { Weight = 5 }, ["*"], Local(local, loaded: true));

        using var response = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(response)).GetProperty("text").GetString()!.ShouldContain("by local");
        response.Headers.GetValues("x-whispermesh-worker").ShouldBe(["local"]);
        response.Headers.Contains("x-whispermesh-external").ShouldBeFalse();
        Upstream.Requests.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(429, 17)]
    [InlineData(503, 17)]
    public async Task Answer_ThatItIsFull_Is429WithItsRetryAfter(int status, int seconds)
    {
        Upstream.Answer = context =>
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return FakeOpenAi.ErrorAsync(context, status, "Rate limit reached for whisper-1 in organization org-abc");
        };
        await StartAsync(Settings());

        using var response = await PostAsync("transcriptions", Wav(1));

        response.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(seconds));
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("org-abc");
    }

    [Fact]
    public async Task Answer_ThatNothingIsPaid_IsNotWaitedFor()
    {
        Upstream.Answer = context => FakeOpenAi.ErrorAsync(context, 429, "You exceeded your current quota", "insufficient_quota");
        await StartAsync(Settings());

        using var response = await PostAsync("transcriptions", Wav(1));

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("{\"task\":\"transcribe\"}")]
    [InlineData("{\"text\":5}")]
    [InlineData("{\"text\":\"cut o")]
    public async Task Answer_ThatIsNoTranscript_GoesToAnotherWorker(string answer)
    {
        Upstream.Answer = context => FakeOpenAi.JsonAsync(context, 200, answer);
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings(), ["*"], Local(local, loaded: true));

        using var response = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(response)).GetProperty("text").GetString()!.ShouldContain("by local");
        Upstream.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Answer_ThatIsOdd_IsReadAsFarAsItGoes()
    {
        Upstream.Answer = context => FakeOpenAi.JsonAsync(
            context,
            200,
            """
            {"text":"a b","duration":"long","language":7,"usage":[],"words":[{"word":"a","start":-1e300,"end":1e300},{"start":1},3],
             "segments":[{"id":"seg_0","start":-5,"end":1e40,"text":"a","tokens":[1.5,-1,"x",null,1e30],"avg_logprob":"?","channel":99},{},[],{"text":" "}]}
            """);
        await StartAsync(Settings());

        var events = await Router.TranscribeAsync(new() { Model = "cloud-whisper", WordTimestamps = true }, Wav(2)).Bounded();

        events.Single(e => e.Segment is not null).Segment.Text.ShouldBe("a");
        events[^1].Summary.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Connection_ThatIsRefused_GoesToAnotherWorker()
    {
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings(), ["*"], Local(local, loaded: true));
        await Upstream.StopAsync();

        using var response = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(response)).GetProperty("text").GetString()!.ShouldContain("by local");
    }

    [Fact]
    public async Task Connection_ThatBreaksInMidAnswer_GoesToAnotherWorker()
    {
        Upstream.Answer = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"text\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings(), ["*"], Local(local, loaded: true));

        using var response = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(response)).GetProperty("text").GetString()!.ShouldContain("by local");
    }

    [Fact]
    public async Task Silence_LongerThanItsTimeout_GoesToAnotherWorker()
    {
        Upstream.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings() with { Timeout = TimeSpan.FromMilliseconds(200) }, ["*"], Local(local, loaded: true));

        using var response = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(response)).GetProperty("text").GetString()!.ShouldContain("by local");
        Upstream.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Silence_BeyondTheCallersDeadline_IsDeadlineExceeded()
    {
        Upstream.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await StartAsync(Settings());

        using var call = Router.Transcription.StreamTranscribe(
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1), cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new() { Config = new() { Model = "cloud-whisper" } }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();

        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).Bounded();
        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Caller_ThatGoes_StopsTheUploadAtOnce()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rest = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Upstream.BeforeBody = async context =>
        {
            // Reads a little of a large upload and then no more, so that the router hangs in the middle of it.
            await context.Request.Body.ReadExactlyAsync(new byte[1000]);
            arrived.SetResult();
            await goOn.Task;
            rest.SetResult(await Record.ExceptionAsync(() => context.Request.Body.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken)));
            return true;
        };
        await StartAsync(Settings() with { MaxUploadBytes = long.MaxValue });
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        using var form = Forms.WithFile(Wav(1000), ("model", "cloud-whisper"));
        var request = Router.Http.PostAsync("/v1/audio/transcriptions", form, caller.Token);
        await arrived.Task.Bounded();
        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(request).Bounded();
        await Bounds.UntilAsync(() => Router.Spool.OpenFiles == 0);
        goOn.SetResult();
        (await rest.Task.Bounded()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Upload_AboveItsLimit_GoesToAnotherWorkerAndElseIs413()
    {
        await using var local = await FakeWorker.StartAsync("local");
        await StartAsync(Settings() with { MaxUploadBytes = 1000 }, ["*"], Local(local, loaded: true));

        using var served = await PostAsync("transcriptions", Wav(1));
        Router.Directory.Workers = [];
        using var refused = await PostAsync("transcriptions", Wav(1));

        (await JsonAsync(served)).GetProperty("text").GetString()!.ShouldContain("by local");
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        Upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task RequestsPerMinute_ThatAreUsedUp_Are429AndNotSent()
    {
        await StartAsync(Settings() with { RequestsPerMinute = 1 });

        using var first = await PostAsync("transcriptions", Wav(1));
        using var second = await PostAsync("transcriptions", Wav(1), ("seed", "2"));

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.TooManyRequests));
        second.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Upstream.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Tenant_ThatAllowsNoUpstream_NeverReachesOne()
    {
        await StartAsync(Settings(), allowed: ["another"]);

        using var response = await PostAsync("transcriptions", Wav(1));

        ((int)response.StatusCode).ShouldBeOneOf(404, 503);
        Upstream.Requests.ShouldBeEmpty();
    }

    /// <summary>A worker that serves the upstream's model too, but looks busier, so that the upstream is asked first.</summary>
    private static WorkerLease Local(FakeWorker worker, bool loaded)
    {
        var lease = Leases.Transcription("local", worker.Address, model: "cloud-whisper");
        lease.Load.ActiveRequestCount = loaded ? 1 : 0;
        return lease;
    }
}
