using System.Net;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Router.Tests.Http;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Router.Tests.Promises;

/// <summary>What the router promises when workers fail in numbers. Workers of real processes fail in the integration tests.</summary>
public sealed class RouterFaultTests : IAsyncLifetime
{
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private FaultProxy _link = null!;
    private RouterHost? _router;
    private Ledger _ledger = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _link = FaultProxy.Start(new Uri(_one.Address).Port);
    }

    public async ValueTask DisposeAsync()
    {
        await (_router?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _link.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>F11: a worker behind a slow link gets less of the work, and is not ejected for it.</summary>
    [Fact]
    public async Task SlowLink_WorkersShareFalls_WithoutEjection()
    {
        await StartAsync(("Router:Health:SlowStart", "0"));
        _link.Both = new Faults { Latency = TimeSpan.FromMilliseconds(100), Jitter = TimeSpan.FromMilliseconds(25) };

        for (var i = 0; i < 10; i++)
        {
            await _ledger.SendAsync().Bounded();
        }

        for (var i = 0; i < 40; i++)
        {
            await _ledger.SendAsync().Bounded();
        }

        var late = _ledger.Entries.Skip(10).ToList();
        late.ShouldAllBe(entry => entry.Status == StatusCode.OK);
        late.Count(entry => entry.WorkerId == "one").ShouldBeInRange(1, 12);
        await _ledger.CheckAsync();
    }

    /// <summary>F12: a worker whose link breaks often is ejected, comes back after the pause, and no client sees any of it.</summary>
    [Fact]
    public async Task BreakingLink_IsEjectedAndComesBack()
    {
        await StartAsync(("Router:Health:EjectionTime", "00:00:02"), ("Router:Retries:Reserve", "1000"), ("Router:FailedWorkerPause", "00:00:00.050"), ("Router:Health:SlowStart", "0"));
        _link.ToClient = new Faults { ResetShare = 0.3 };

        await Bounds.UntilAsync(async () =>
        {
            await _ledger.SendAsync().Bounded();
            return IsEjected("one");
        });
        for (var i = 0; i < 100; i++)
        {
            await _ledger.SendAsync().Bounded();
        }

        _ledger.Served.ShouldBe(_ledger.Entries.Count);
        _link.ToClient = Faults.None;
        await Bounds.UntilAsync(async () => (await _ledger.SendAsync().Bounded()).WorkerId == "one");
        await Bounds.UntilAsync(() => !IsEjected("one"));
        await _ledger.CheckAsync(mostAttempts: 1.2);
    }

    /// <summary>F12: with every worker ill all are tried: never more than half of a pool is ejected.</summary>
    [Fact]
    public async Task BothLinksBreak_ServesAgainAtOnceWhenTheyHold()
    {
        await StartAsync();
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = _ => throw new RpcException(new Status(StatusCode.Unavailable, "broken"));
        await _ledger.SendAsync(30);

        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = null;

        (await _ledger.SendAsync().Bounded()).Status.ShouldBe(StatusCode.OK);
        await _ledger.CheckRecoveredAsync();
    }

    /// <summary>F17: with no worker up a request fails at once, and says when to try again.</summary>
    [Fact]
    public async Task AllWorkersDown_FailsFastWithRetryAfter()
    {
        await StartAsync();
        await _one.StopAsync();
        await _two.StopAsync();
        await _link.DownAsync();
        await _ledger.SendAsync().Bounded();

        var entry = await _ledger.SendAsync(TimeSpan.FromSeconds(5)).Bounded();
        using var response = await _router!.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();

        entry.Status.ShouldBe(StatusCode.Unavailable);
        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.ServiceUnavailable, null, "no_worker", "server_error");
        response.Headers.RetryAfter.ShouldNotBeNull();
        await _ledger.CheckAsync();
    }

    /// <summary>F18: 500 clients at workers that all fail make no more than 1.2 attempts for each request.</summary>
    [Fact]
    public async Task RetryStorm_AttemptsStayWithinTheBudget()
    {
        await StartAsync(("Router:Retries:Delay", "00:00:00.010"));
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = _ => throw new RpcException(new Status(StatusCode.Unavailable, "broken"));

        await _ledger.SendAsync(500);

        _ledger.Served.ShouldBe(0);
        await _ledger.CheckAsync(mostAttempts: 1.2);
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = null;
        await _ledger.CheckRecoveredAsync();
    }

    /// <summary>F21: work whose time is over before it begins is never begun.</summary>
    [Fact]
    public async Task ExpiredDeadlines_NothingIsStarted()
    {
        await StartAsync();

        var count = Numbers.Of(300, 1000);
        var entries = await _ledger.SendAsync(count, TimeSpan.FromMilliseconds(-1));

        entries.ShouldAllBe(entry => entry.Status == StatusCode.DeadlineExceeded);
        _ledger.Attempts.ShouldBe(0);
        await _ledger.SendAsync(count, TimeSpan.FromMilliseconds(1));
        await _ledger.CheckAsync();
        await _ledger.CheckRecoveredAsync();
    }

    /// <summary>F21: what is left of a deadline goes along to the worker.</summary>
    [Fact]
    public async Task Deadline_ReachesTheWorkerShrunk()
    {
        await StartAsync();
        var left = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = call =>
        {
            left.TrySetResult(call.Context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime);
            return call.SummaryAsync();
        };

        await _ledger.SendAsync(TimeSpan.FromSeconds(20)).Bounded();

        (await left.Task.Bounded()).TotalSeconds.ShouldBeInRange(1, 20);
    }

    /// <summary>I3: a worker that hangs, whose link is a black hole, holds nobody beyond the deadline; over HTTP too.</summary>
    [Fact]
    public async Task HangingWorkers_DeadlineHoldsOverHttp()
    {
        await StartAsync();
        _one.Speech.OnTranscribe = _two.Speech.OnTranscribe = call => call.HangAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = Forms.Of() };
        request.Headers.Add("x-whispermesh-timeout", "0.5");
        var begin = TimeProvider.System.GetTimestamp();

        using var response = await _router!.Http.SendAsync(request, Token).Bounded();

        await ApiTest.ShouldBeErrorAsync(response, HttpStatusCode.GatewayTimeout, null, "deadline_exceeded", "server_error");
        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(0.5) + Numbers.Of(TimeSpan.FromSeconds(2.5), TimeSpan.FromMilliseconds(250)));
        await Task.WhenAny(_one.Speech.Cancelled.Task, _two.Speech.Cancelled.Task).Bounded();
    }

    /// <summary>F05: audio that three workers died with is refused from then on, with the reason.</summary>
    [Fact]
    public async Task PoisonAudio_IsRefusedAfterThreeDeaths()
    {
        await StartAsync(("Router:FailedWorkerPause", "00:00:00.001"));
        await using var three = await FakeWorker.StartAsync("three");
        _router!.Directory.Workers = [.. _router.Directory.Workers, three.Lease];
        byte[] poison = [.. Forms.Wav, 66];
        FakeWorker[] workers = [_one, _two, three];
        foreach (var worker in workers)
        {
            worker.Speech.OnTranscribe = async call => await (await call.ReadAllAsync() == poison.Length
                ? worker.DieAfterFlushAsync(call.Context)
                : call.SummaryAsync());
        }

        for (var i = 0; i < 3; i++)
        {
            using var response = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.WithFile(poison), Token).Bounded();
        }

        using var refused = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.WithFile(poison), Token).Bounded();
        using var other = await _router.Http.PostAsync("/v1/audio/transcriptions", Forms.Of(), Token).Bounded();
        await ApiTest.ShouldBeErrorAsync(refused, HttpStatusCode.BadRequest, "file", "audio_refused");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        workers.Sum(worker => worker.Speech.Configs.Count).ShouldBe(3 + 1);
        var overGrpc = await Should.ThrowAsync<RpcException>(() => _router.TranscribeAsync(new TranscriptionConfig(), poison));
        (overGrpc.StatusCode, RpcErrorDetails.From(overGrpc).Reason).ShouldBe((StatusCode.InvalidArgument, ErrorReasons.AudioRefused));
    }

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _router = await RouterHost.StartAsync(
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
            Leases.Transcription("one", _link.Address.ToString().TrimEnd('/'), limit: 8),
            Leases.Transcription("two", _two.Address, limit: 8));
        _ledger = new Ledger(_router, _one, _two);
    }

    private bool IsEjected(string workerId) =>
        _router!.Services.GetRequiredService<WorkerPool>().Standings().Single(worker => worker.WorkerId == workerId).Ejected;
}
