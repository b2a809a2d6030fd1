using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>A client whose connection broke comes back, to this router or to another.</summary>
public sealed class LiveResumeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await StartRouterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Resume_WhileTheFirstConnectionStands_TheSecondHasIt()
    {
        using var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();

        using var second = await ReturnAsync(first);
        await second.UntilStartedAsync();
        await second.SayAsync("now here.");
        await second.CompleteAsync();
        await second.ReadAllAsync();

        second.Finals.ShouldBe(["now here."]);
        var error = await Should.ThrowAsync<RpcException>(first.ReadAllAsync);
        error.StatusCode.ShouldBe(StatusCode.Aborted);
        RpcErrorDetails.From(error).Reason.ShouldBe(LiveErrors.TakenOverReason);
    }

    [Fact]
    public async Task Resume_AfterTheEndThatDidNotArrive_TheRestComes()
    {
        using (var first = await LiveClient.OpenAsync(_router))
        {
            await first.UntilStartedAsync();
            await first.SayAsync("all is said.");
            await first.CompleteAsync();
            await UntilNoneRunsAsync();

            using var second = await ReturnAsync(first);
            await second.ReadAllAsync();

            second.Finals.ShouldBe(["all is said."]);
            second.Summary.ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Resume_AtAnotherRouter_GoesOnFromTheClientsOwnCheckpoint()
    {
        await using var other = await StartRouterAsync();
        using var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();
        await first.SayAsync("first one. and the sec");
        var checkpoint = (await first.UntilAsync(message => message.Final is not null)).Final.Checkpoint;
        await first.UntilWordAsync("the");
        var words = first.Events.SelectMany(message => message.Update?.Words ?? []).Where(word => word.StartOffset.ToTimeSpan() >= checkpoint.Offset.ToTimeSpan());

        var resume = new LiveResume { Token = first.Started.ResumeToken, LastEventNumber = first.Events[^1].EventNumber, Checkpoint = checkpoint };
        resume.Words.AddRange(words);
        using var second = await LiveClient.OpenAsync(other, new LiveConfig { Resume = resume });
        var started = await second.UntilStartedAsync();
        await second.SayAsync(" and the second one.", checkpoint.Position);
        await second.CompleteAsync();
        await second.ReadAllAsync();

        started.ShouldSatisfyAllConditions(
            _ => started.Started.Resumed.ShouldBeTrue(),
            _ => started.Started.Position.ShouldBe(checkpoint.Position),
            _ => started.EventNumber.ShouldBe(resume.LastEventNumber + 1));
        (first.Words + " " + second.Words).ShouldBe("first one. and the second one.");
        second.Finals.ShouldBe(["and the second one."]);
    }

    [Fact]
    public async Task Resume_AfterItWentOnAtAnotherRouter_TheOneThatWaitedGivesWay()
    {
        await using var other = await StartRouterAsync();
        using var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();
        await first.SayAsync("first one.");
        var checkpoint = (await first.UntilAsync(message => message.Final is not null)).Final.Checkpoint;
        first.Dispose();
        await Bounds.UntilAsync(() => Sessions.Sessions is [{ Connected: false }]);

        using var second = await LiveClient.OpenAsync(other, Back(first.Started.ResumeToken, checkpoint));
        await second.UntilStartedAsync();
        await second.SayAsync("the second.", checkpoint.Position);
        checkpoint = (await second.UntilAsync(message => message.Final is not null)).Final.Checkpoint;
        second.Dispose();

        using var third = await LiveClient.OpenAsync(_router, Back(second.Started.ResumeToken, checkpoint));
        (await third.UntilStartedAsync()).Started.Position.ShouldBe(checkpoint.Position);
        Sessions.Sessions.ShouldHaveSingleItem().Connected.ShouldBeTrue();
        await third.SayAsync("and a third.", checkpoint.Position);
        await third.CompleteAsync();
        await third.ReadAllAsync();
        third.Finals.ShouldBe(["and a third."]);

        LiveConfig Back(string token, LiveCheckpoint from) => new()
        {
            RequestId = first.Started.RequestId,
            Resume = new LiveResume { Token = token, Checkpoint = from },
        };
    }

    [Fact]
    public async Task Resume_WithACheckpointWhileAClientIsConnected_IsRefusedByName()
    {
        using var first = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "same" });
        await first.UntilStartedAsync();

        using var second = await LiveClient.OpenAsync(
            _router, new LiveConfig { RequestId = "same", Resume = new LiveResume { Token = "not-it", Checkpoint = new LiveCheckpoint() } });

        RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(second.NextAsync)).Field.ShouldBe("request_id");
    }

    [Fact]
    public async Task Resume_WithinTheWindow_TheStreamIsThere()
    {
        var token = await BreakOffAsync();
        _time.Advance(TimeSpan.FromSeconds(29));

        using var second = await LiveClient.OpenAsync(_router, new LiveConfig { Resume = new LiveResume { Token = token } });

        (await second.UntilStartedAsync()).Started.Resumed.ShouldBeTrue();
    }

    [Fact]
    public async Task Resume_AfterTheWindow_IsNotFoundAndTheStreamCameToItsEnd()
    {
        var token = await BreakOffAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        await UntilNoneRunsAsync();

        using var second = await LiveClient.OpenAsync(_router, new LiveConfig { Resume = new LiveResume { Token = token } });

        (await Should.ThrowAsync<RpcException>(second.NextAsync)).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Resume_WithAnotherFormat_IsRefusedByName()
    {
        var token = await BreakOffAsync();

        using var second = await LiveClient.OpenAsync(_router, new LiveConfig
        {
            AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16_000, ChannelCount = 1 },
            Resume = new LiveResume { Token = token },
        });

        var error = await Should.ThrowAsync<RpcException>(second.NextAsync);
        RpcErrorDetails.From(error).Field.ShouldBe("audio_format");
    }

    [Fact]
    public async Task Resume_WithoutWhatItBeganWith_GoesOnAsItBegan()
    {
        using var first = await LiveClient.OpenAsync(_router, new LiveConfig { LanguageCode = "en", Prompt = "Names." });
        await first.UntilStartedAsync();

        using var second = await ReturnAsync(first);

        (await second.UntilStartedAsync()).Started.Resumed.ShouldBeTrue();
    }

    [Fact]
    public async Task Connect_NothingHeardForLong_EndsWithAClearStatus()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("half a sen");
        await client.UntilWordAsync("a");

        _time.Advance(TimeSpan.FromMinutes(6));

        var error = await Should.ThrowAsync<RpcException>(client.ReadAllAsync);
        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        RpcErrorDetails.From(error).Reason.ShouldBe(LiveErrors.IdleReason);
        client.Finals.ShouldBe(["half a sen"]);
        client.Summary.ShouldNotBeNull();
    }

    private static Task<LiveClient> ReturnAsync(LiveClient first, RouterHost router) => LiveClient.OpenAsync(router, new LiveConfig
    {
        Resume = new LiveResume { Token = first.Started.ResumeToken, LastEventNumber = first.Events[^1].EventNumber },
    });

    private Task<LiveClient> ReturnAsync(LiveClient first) => ReturnAsync(first, _router);

    private async Task<string> BreakOffAsync()
    {
        using var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();
        await first.SayAsync("some words");
        await first.UntilWordAsync("some");
        first.Dispose();
        await Bounds.UntilAsync(() => Sessions.Sessions is [{ Connected: false }]);
        return first.Started.ResumeToken;
    }

    private ILiveSessions Sessions => _router.Services.GetRequiredService<ILiveSessions>();

    private Task UntilNoneRunsAsync() => Bounds.UntilAsync(() => Sessions.Sessions.Count == 0);

    // Nothing here is about workers that say nothing.
    private Task<RouterHost> StartRouterAsync() => RouterHost.StartAsync(
        new Dictionary<string, string?> { ["Router:SilentWorkerTimeout"] = "00:10:00", ["Router:Live:IdleTimeout"] = "00:05:00" },
        services => services.AddSingleton<TimeProvider>(_time),
        _worker.LiveLease);
}
