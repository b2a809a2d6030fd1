using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Tests.FakeMesh;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.Client.Tests;

/// <summary>Live streams whose connections break, and whose routers die.</summary>
public sealed class LiveResumeTests : IAsyncLifetime
{
    private const int AudioBytes = 200_000;

    private FakeMeshServer _first = null!;
    private FakeMeshServer _second = null!;
    private FaultProxy _proxy = null!;
    private FaultProxy _otherProxy = null!;
    private WhisperMeshClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await FakeMeshServer.StartAsync();
        _second = await FakeMeshServer.StartAsync();
        _proxy = FaultProxy.Start(_first.Address.Port);
        _otherProxy = FaultProxy.Start(_second.Address.Port);
        _client = new WhisperMeshClient([_proxy.Address, _otherProxy.Address]) { LiveTiming = new() { Random = new Random(1) } };
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _proxy.DisposeAsync();
        await _otherProxy.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadAsync_CutAtTenRandomPlaces_TheSameRouterGoesOn(int seed)
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        var events = await CutAsync(live, RandomPlaces(seed), () => _proxy.ResetAllAsync());

        events.ShouldBeWhole(AudioBytes);
        events.Statuses().Count.ShouldBe(20);
        _first.Script.LiveRouter.Configs.Count.ShouldBe(11);
        _second.Script.LiveRouter.Configs.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task ReadAsync_RoutersThatForget_TellNothingTwice(int seed)
    {
        _first.Script.LiveRouter.Forgetful = _second.Script.LiveRouter.Forgetful = true;
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        var events = await CutAsync(live, RandomPlaces(seed), () => _proxy.ResetAllAsync());

        events.ShouldBeWhole(AudioBytes);
        events[^1].Summary.Warnings.ShouldHaveSingleItem().ShouldContain("another router");
    }

    [Fact]
    public async Task ReadAsync_RouterDies_TheNextGoesOnAndBack()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        var places = new Queue<Func<Task>>([() => _proxy.DownAsync(), RestoreFirstLoseSecondAsync]);

        var events = await CutAsync(live, [50, 200], () => places.Dequeue()());

        events.ShouldBeWhole(AudioBytes);
        _second.Script.LiveRouter.Configs.ShouldHaveSingleItem().Resume.Words.ShouldNotBeNull();
        events[^1].Summary.UtteranceCount.ShouldBe(events.Count(message => message.Final is not null));
    }

    [Fact]
    public async Task ReadAsync_RouterDiesInTheFirstUtterance_TheNextBeginsAtTheStart()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        var events = await CutAsync(live, [2], () => _proxy.DownAsync(), wordsAhead: 4);

        events.ShouldBeWhole(AudioBytes);
        var resume = _second.Script.LiveRouter.Configs.ShouldHaveSingleItem().Resume;
        resume.Checkpoint.Position.ShouldBe(0);
        resume.Words.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task ReadAsync_RouterDrains_TheNextGoesOn()
    {
        _first.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t" } });
            throw FakeMeshScript.Error(StatusCode.Unavailable, "DRAINING", "The router is shutting down.", retryAfter: TimeSpan.FromHours(1));
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        var events = await CutAsync(live, [], () => Task.CompletedTask);

        events.ShouldBeWhole(AudioBytes);
        events.Statuses()[0].ShouldContain("The router is shutting down.");
    }

    [Fact]
    public async Task ReadAsync_RouterFallsSilent_TheConnectionIsMadeAgain()
    {
        await using var client = new WhisperMeshClient(_proxy.Address) { LiveTiming = new() { Silence = TimeSpan.FromSeconds(0.5) } };
        await using var live = await client.OpenLiveAsync(LiveStreams.Options, Token);
        await live.SendAsync(FakeLiveSession.Audio(0, 3200), Token);

        var events = await live.ReadAllAsync(async message =>
        {
            if (message.Status?.Message.Contains("sign of life", StringComparison.Ordinal) == true)
            {
                await live.SendAsync(FakeLiveSession.Audio(3200, 320), Token);
                live.Complete();
            }
        });

        events.ShouldBeWhole(3520);
    }

    [Fact]
    public async Task ReadAsync_CommitLostWithTheConnection_IsSentAgain()
    {
        var cut = new TaskCompletionSource();
        _first.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t" } });
            await cut.Task.WaitAsync(LiveStreams.Bound);
            throw new RpcException(new Status(StatusCode.Unavailable, ""));
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        await live.SendAsync(FakeLiveSession.Audio(0, 640), Token);
        live.Commit();
        await live.SendAsync(FakeLiveSession.Audio(640, 320), Token);
        live.Complete();
        cut.SetResult();

        var events = await live.ReadAllAsync();

        events.Where(message => message.Final is not null).Select(message => message.Final.Segment.Text).ShouldBe(["w0 w1", "w2"]);
    }

    [Fact]
    public async Task ReadAsync_NobodyThereInTime_ThrowsTheLastReason()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options with { ResumeTime = TimeSpan.FromSeconds(0.5) }, Token);
        await _otherProxy.DownAsync();

        var exception = await Should.ThrowAsync<WhisperMeshException>(
            () => live.ReadAllAsync(message => message.Started is null ? Task.CompletedTask : _proxy.DownAsync()));

        exception.Message.ShouldStartWith("The live stream broke off and could not be resumed within 0.5 s");
        exception.IsUnreachable.ShouldBeTrue();
    }

    [Fact]
    public async Task ReadAsync_EachConnectionBreaksAtOnce_EndsInTime()
    {
        _first.Script.Live = _second.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t" } });
            throw new RpcException(new Status(StatusCode.Unavailable, "the worker is gone"));
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options with { ResumeTime = TimeSpan.FromSeconds(0.5) }, Token);

        (await Should.ThrowAsync<WhisperMeshException>(() => live.ReadAllAsync())).Message.ShouldEndWith("the worker is gone");
    }

    [Fact]
    public async Task ReadAsync_MeshWantsWhatIsForgotten_SaysSo()
    {
        var connections = 0;
        _first.Script.Live = async (requests, responses, context) =>
        {
            await requests.MoveNext(context.CancellationToken);
            await responses.WriteAsync(new() { EventNumber = 1, Started = new() { ResumeToken = "t", Position = 320_000 * connections++ } });
            throw new RpcException(new Status(StatusCode.Unavailable, ""));
        };
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        var exception = await Should.ThrowAsync<WhisperMeshException>(() => live.ReadAllAsync());

        exception.Status.ShouldBe(StatusCode.DataLoss);
        exception.Message.ShouldContain("needs the audio from 10.0 s");
    }

    [Fact]
    public async Task ReadAsync_RefusedWhenItComesBack_IsNotTriedAgain()
    {
        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);
        _first.Script.LiveRouter.Admit = _ => throw FakeMeshScript.Error(StatusCode.Unauthenticated, "INVALID_API_KEY", "The key was revoked.");

        var exception = await Should.ThrowAsync<WhisperMeshException>(
            () => live.ReadAllAsync(message => message.Started is null ? Task.CompletedTask : _proxy.ResetAllAsync()));

        exception.Reason.ShouldBe("INVALID_API_KEY");
        _first.Script.LiveRouter.Configs.Count.ShouldBe(2);
        _second.Script.LiveRouter.Configs.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenLiveAsync_FirstRouterDown_TheNextIsAsked()
    {
        await _proxy.DownAsync();

        await using var live = await _client.OpenLiveAsync(LiveStreams.Options, Token);

        _second.Script.LiveRouter.Configs.Count.ShouldBe(1);
    }

    [Fact]
    public async Task OpenLiveAsync_NoRouterUp_IsUnreachable()
    {
        await _proxy.DownAsync();
        await _otherProxy.DownAsync();

        (await Should.ThrowAsync<WhisperMeshException>(() => _client.OpenLiveAsync(LiveStreams.Options, Token))).IsUnreachable.ShouldBeTrue();
    }

    private async Task RestoreFirstLoseSecondAsync()
    {
        _proxy.Up();
        await _otherProxy.DownAsync();
    }

    private static IReadOnlyList<int> RandomPlaces(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 10).Select(part => (part * 60) + random.Next(1, 20))];
    }

    /// <summary>
    /// Streams the audio, a little ahead of the words, and lets something happen after as many words as each place says.
    /// </summary>
    private static async Task<List<StreamLiveResponse>> CutAsync(LiveTranscription live, IReadOnlyList<int> places, Func<Task> cut, int wordsAhead = 20)
    {
        var left = new Queue<int>(places);
        var words = 0;
        var ahead = new SemaphoreSlim(wordsAhead);
        var sending = SendAsync(live, ahead);
        var events = await live.ReadAllAsync(async message =>
        {
            words += message.Update?.Words.Count ?? 0;
            if (message.Update is not null)
            {
                ahead.Release();
            }

            if (left.TryPeek(out var place) && words >= place)
            {
                left.Dequeue();
                await cut();
            }
        });
        await sending;
        left.ShouldBeEmpty();
        return events;
    }

    private static async Task SendAsync(LiveTranscription live, SemaphoreSlim ahead)
    {
        for (var position = 0; position < AudioBytes; position += FakeLiveSession.WordBytes)
        {
            await ahead.WaitAsync(LiveStreams.Bound, Token);
            await live.SendAsync(FakeLiveSession.Audio(position, Math.Min(FakeLiveSession.WordBytes, AudioBytes - position)), Token);
        }

        live.Complete();
    }
}
