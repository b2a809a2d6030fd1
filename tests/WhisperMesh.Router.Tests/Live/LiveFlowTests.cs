using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>How much is kept, who looks on, what is refused, and how a router leaves.</summary>
public sealed class LiveFlowTests : IAsyncLifetime
{
    private readonly Onlooker _onlooker = new();
    private FakeWorker _worker = null!;
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        _worker = await FakeWorker.StartAsync("one");
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:Live:TailDuration"] = "00:00:10", ["Router:Live:MaxSessions"] = "2" },
            services => services.AddSingleton<ILiveObserver>(_onlooker).AddSingleton<ILiveObserver>(new BrokenOnlooker()),
            _worker.LiveLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _worker.DisposeAsync();
    }

    private LiveSession Session => _router.Services.GetRequiredService<LiveRegistry>().All.Single();

    [Fact]
    public async Task Send_WorkerIsBehindByMoreThanIsKept_Waits()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _worker.Live.OnMessage = (_, _) => release.Task;
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();

        var sending = SendAsync(client, 30);
        await Bounds.UntilStillAsync(() => (int)Session.Audio.TotalSeconds);

        Session.Audio.ShouldBe(TimeSpan.FromSeconds(40));
        release.SetResult();
        await sending.Bounded();
        await client.CompleteAsync();
        await client.ReadAllAsync();
        client.Summary!.AudioDuration.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(30 * 20_000 / 8000.0));
    }

    [Fact]
    public async Task Send_LongSilence_IsNotKeptForAnotherWorker()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();

        await SendAsync(client, 40);
        await client.SayAsync("at last.");
        var final = (await client.UntilAsync(message => message.Final is not null)).Final;

        final.Segment.Text.ShouldBe("at last.");
        final.Segment.StartOffset.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task Observers_WholeStream_SeeEveryEventInOrderAndTheEnd()
    {
        using var client = await LiveClient.OpenAsync(_router, new LiveConfig { CaptionName = "hall", RequestId = "talk-1" });
        await client.SayAsync("for all to see.");
        await client.CompleteAsync();
        await client.ReadAllAsync();

        await Bounds.UntilAsync(() => _onlooker.Ended is not null);
        _onlooker.Started!.ShouldSatisfyAllConditions(
            session => session.Id.ShouldBe("talk-1"),
            session => session.CaptionName.ShouldBe("hall"),
            session => session.WorkerId.ShouldBe("one"));
        _onlooker.Events.Select(message => message.EventNumber).ShouldBe(Enumerable.Range(1, _onlooker.Events.Count).Select(number => (long)number));
        _onlooker.Events[^1].Summary.ShouldNotBeNull();
        _worker.Live.Configs.Single().CaptionName.ShouldBeEmpty();
    }

    [Fact]
    public async Task Connect_MoreThanMayBe_IsRefusedUntilOneEnds()
    {
        using var first = await LiveClient.OpenAsync(_router);
        await first.UntilStartedAsync();
        using (var second = await LiveClient.OpenAsync(_router))
        {
            await second.UntilStartedAsync();
            using var third = await LiveClient.OpenAsync(_router);
            var error = await Should.ThrowAsync<RpcException>(third.NextAsync);
            error.StatusCode.ShouldBe(StatusCode.Unavailable);
            RpcErrorDetails.From(error).RetryAfter.ShouldNotBeNull();
            await second.CompleteAsync();
            await second.ReadAllAsync();
        }

        await Bounds.UntilAsync(() => _router.Services.GetRequiredService<ILiveSessions>().Sessions.Count == 1);
        using var fourth = await LiveClient.OpenAsync(_router);
        await fourth.UntilStartedAsync();
    }

    [Fact]
    public async Task Connect_IdThatRuns_IsRefusedByName()
    {
        using var first = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "same" });
        await first.UntilStartedAsync();
        using var second = await LiveClient.OpenAsync(_router, new LiveConfig { RequestId = "same" });

        RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(second.NextAsync)).Field.ShouldBe("request_id");
    }

    [Theory]
    [MemberData(nameof(BadConfigs))]
    public async Task Connect_BadConfig_IsRefusedByName(string field, LiveConfig config)
    {
        using var client = await LiveClient.OpenAsync(_router, config);

        var error = await Should.ThrowAsync<RpcException>(client.NextAsync);

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        RpcErrorDetails.From(error).Field.ShouldBe(field);
    }

    public static TheoryData<string, LiveConfig> BadConfigs() => new()
    {
        { "audio_format.encoding", new LiveConfig { AudioFormat = new AudioFormat { SampleRateHz = 16_000, ChannelCount = 1 } } },
        { "audio_format.sample_rate_hz", new LiveConfig { AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmS16Le, ChannelCount = 1 } } },
        { "audio_format", new LiveConfig { AudioFormat = new AudioFormat { Encoding = AudioEncoding.PcmF64Le, SampleRateHz = 192_000, ChannelCount = 64 } } },
        { "latency", new LiveConfig { Latency = (LiveLatency)9 } },
        { "pass_clock", new LiveConfig { PassClock = (LivePassClock)9 } },
        { "caption_name", new LiveConfig { CaptionName = "no spaces" } },
        { "language_codes", new LiveConfig { LanguageCode = "en", LanguageCodes = { "de" } } },
        { "endpointing.pause_duration", new LiveConfig { Endpointing = new Endpointing { PauseDuration = new() { Seconds = 11 } } } },
        { "resume.token", new LiveConfig { Resume = new LiveResume() } },
        {
            "resume.checkpoint.doubted_language_code",
            new LiveConfig { Resume = new LiveResume { Checkpoint = new LiveCheckpoint { DoubtedLanguageCode = "es", DoubtedUtteranceCount = 1 } } }
        },
        {
            "resume.checkpoint.doubted_utterance_count",
            new LiveConfig { Resume = new LiveResume { Checkpoint = new LiveCheckpoint { LanguageCode = "en", DoubtedUtteranceCount = 1 } } }
        },
        { "resume.checkpoint.position", new LiveConfig { Resume = new LiveResume { Checkpoint = new LiveCheckpoint { Position = -1 } } } },
    };

    [Fact]
    public async Task Send_AudioLeavesAGap_IsRefusedAndTheStreamCanBeResumed()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("late", position: 100);

        RpcErrorDetails.From(await Should.ThrowAsync<RpcException>(client.ReadAllAsync)).Field.ShouldBe("audio.position");
        using var second = await LiveClient.OpenAsync(_router, new LiveConfig { Resume = new LiveResume { Token = client.Started.ResumeToken } });
        (await second.UntilStartedAsync()).Started.Position.ShouldBe(0);
    }

    [Fact]
    public async Task Send_AudioTwice_IsHeardOnce()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("only ", position: 0);
        await client.SayAsync("only once.", position: 0);
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Finals.ShouldBe(["only once."]);
    }

    [Fact]
    public async Task Commit_MidSentence_EndsTheUtterance()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("as far as");
        await client.SendAsync(new StreamLiveRequest { Commit = new LiveCommit() });

        var final = (await client.UntilAsync(message => message.Final is not null)).Final;

        final.ShouldSatisfyAllConditions(_ => final.Segment.Text.ShouldBe("as far as"), _ => final.Reason.ShouldBe(EndpointReason.Commit));
    }

    [Fact]
    public async Task Stop_Router_ClientsAreSentToAnother()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();

        var stopping = _router.App.StopAsync(TestContext.Current.CancellationToken);

        var error = await Should.ThrowAsync<RpcException>(client.ReadAllAsync);
        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        RpcErrorDetails.From(error).Reason.ShouldBe(ErrorReasons.Draining);
        client.Events[^1].Status.Message.ShouldContain("shutting down");
        await stopping.Bounded();
    }

    private static async Task SendAsync(LiveClient client, int messages)
    {
        var silence = new string('_', 20_000);
        for (var i = 0; i < messages; i++)
        {
            await client.SayAsync(silence);
        }
    }

    private sealed class Onlooker : ILiveObserver
    {
        public List<StreamLiveResponse> Events { get; } = [];

        public LiveSessionInfo? Started { get; private set; }

        public LiveSessionInfo? Ended { get; private set; }

        public void OnStarted(LiveSessionInfo session) => Started = session;

        public void OnEvent(LiveSessionInfo session, StreamLiveResponse message) => Events.Add(message);

        public void OnEnded(LiveSessionInfo session) => Ended = session;
    }

    private sealed class BrokenOnlooker : ILiveObserver
    {
        public void OnStarted(LiveSessionInfo session) => throw new InvalidOperationException("The test's observer is broken.");

        public void OnEvent(LiveSessionInfo session, StreamLiveResponse message) => throw new InvalidOperationException("The test's observer is broken.");

        public void OnEnded(LiveSessionInfo session) => throw new InvalidOperationException("The test's observer is broken.");
    }
}
