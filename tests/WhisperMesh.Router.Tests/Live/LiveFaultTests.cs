using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>What becomes of a stream whose worker is silent, full, draining, or gone without another.</summary>
public sealed class LiveFaultTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private FakeWorker _one = null!;
    private FakeWorker _two = null!;
    private RouterHost _router = null!;

    public async ValueTask InitializeAsync()
    {
        (_one, _two) = (await FakeWorker.StartAsync("one"), await FakeWorker.StartAsync("two"));
        _router = await RouterHost.StartAsync(
            new Dictionary<string, string?> { ["Router:Live:TailDuration"] = "00:00:10" },
            services => services.AddSingleton<TimeProvider>(_time),
            _one.LiveLease);
    }

    public async ValueTask DisposeAsync()
    {
        await _router.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    public async Task Connect_NoWorkerTakesLiveStreams_IsRefusedAtOnce()
    {
        _router.Directory.Workers = [_one.Lease];
        using var client = await LiveClient.OpenAsync(_router);

        var error = await Should.ThrowAsync<RpcException>(client.NextAsync);

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        RpcErrorDetails.From(error).Field.ShouldBe("model");
    }

    [Fact]
    public async Task Connect_WorkerIsFull_AnotherTakesIt()
    {
        _one.Live.OnLive = _ => throw MeshException.ResourceExhausted(ErrorReasons.QueueFull, "No more streams.", TimeSpan.FromSeconds(5));
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];

        for (var i = 0; i < 2; i++)
        {
            using var client = await LiveClient.OpenAsync(_router);
            (await client.UntilStartedAsync()).Started.WorkerId.ShouldBe("two");
        }
    }

    [Fact]
    public async Task Connect_AllAreFull_IsRefusedWithTheTimeToWait()
    {
        _one.Live.OnLive = _ => throw MeshException.ResourceExhausted(ErrorReasons.QueueFull, "No more streams.", TimeSpan.FromSeconds(5));
        using var client = await LiveClient.OpenAsync(_router);

        var error = await Should.ThrowAsync<RpcException>(client.NextAsync);

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        RpcErrorDetails.From(error).RetryAfter.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task StreamLive_WorkerRefusesTheConfig_TheClientHearsWhy()
    {
        _one.Live.OnLive = _ => throw MeshException.InvalidArgument("prompt", "It is too long.");
        using var client = await LiveClient.OpenAsync(_router);

        var error = await Should.ThrowAsync<RpcException>(client.NextAsync);

        RpcErrorDetails.From(error).Field.ShouldBe("prompt");
    }

    [Fact]
    public async Task StreamLive_WorkerSaysNothing_AnotherTakesItOver()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("one two ");
        await client.UntilWordAsync("two");
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];
        _one.Live.OnMessage = (call, _) => call.HangAsync();

        await client.SayAsync("three ");
        await Bounds.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return !_two.Live.Configs.IsEmpty;
        });
        await client.UntilWordAsync("three");
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Words.ShouldBe("one two three");
        client.Summary!.WorkerId.ShouldBe("two");
    }

    [Fact]
    public async Task StreamLive_WorkerHandsItBack_AnotherGoesOnAndTheClientIsTold()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];
        _one.Live.OnMessage = (_, _) => throw MeshException.Unavailable(ErrorReasons.Draining, "Shutting down.", TimeSpan.FromSeconds(1));

        await client.SayAsync("said once.");
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Finals.ShouldBe(["said once."]);
        client.Events.Where(message => message.Status is not null).Select(message => message.Status.Message).ShouldBe(
            ["The worker one is shutting down; another is sought.", "The worker two has taken the stream over."]);
    }

    [Fact]
    public async Task StreamLive_NoOtherWorkerComesInTime_EndsAsUnavailable()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        _router.Directory.Workers = [];
        _one.Die();

        var reading = client.ReadAllAsync();
        await Bounds.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return reading.IsCompleted;
        });

        var error = await Should.ThrowAsync<RpcException>(reading);
        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        RpcErrorDetails.From(error).RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task StreamLive_WorkerComesBackInTime_GoesOn()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("before ");
        await client.UntilWordAsync("before");
        _router.Directory.Workers = [];
        _one.Die();
        await client.UntilAsync(message => message.Status is not null);

        await client.SayAsync("and after.");
        _router.Directory.Workers = [_two.LiveLease];
        await UntilTakenOverAsync();
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Finals.ShouldBe(["before and after."]);
    }

    [Fact]
    public async Task StreamLive_MoreAudioThanIsKeptWhileNoWorkerIsThere_TheOldestIsLostAndThatIsSaid()
    {
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("before ");
        await client.UntilWordAsync("before");
        _router.Directory.Workers = [];
        _one.Die();
        await client.UntilAsync(message => message.Status is not null);

        // The longest utterance and what is around it are always kept: 40 s here.
        var silence = new string('_', 40_000);
        for (var i = 0; i < 10; i++)
        {
            await client.SayAsync(silence);
        }

        await client.SayAsync("after.");
        await UntilReceivedAsync("before ".Length + 400_000 + "after.".Length);
        _router.Directory.Workers = [_two.LiveLease];
        await UntilTakenOverAsync();
        await client.CompleteAsync();
        await client.ReadAllAsync();

        client.Finals.ShouldBe(["before", "after."]);
        client.Events.Single(message => message.Status?.LostAudio is not null).Status.LostAudio.ToTimeSpan()
            .ShouldBe(TimeSpan.FromSeconds((400_013 - 320_000) / 8000.0));
    }

    [Fact]
    public async Task StreamLive_WorkersDieOfIt_ItIsGivenUp()
    {
        _one.Live.OnMessage = _two.Live.OnMessage = (_, _) => throw new RpcException(new Status(StatusCode.Internal, "Broken."));
        _router.Directory.Workers = [_one.LiveLease, _two.LiveLease];
        using var client = await LiveClient.OpenAsync(_router);
        await client.UntilStartedAsync();
        await client.SayAsync("poison");

        var reading = client.ReadAllAsync();
        await Bounds.UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return reading.IsCompleted;
        });

        (await Should.ThrowAsync<RpcException>(reading)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (_one.Live.Configs.Count + _two.Live.Configs.Count).ShouldBe(4);
    }

    // The search may not have begun to wait when time goes on.
    private Task UntilTakenOverAsync() => Bounds.UntilAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(250));
        return !_two.Live.Configs.IsEmpty;
    });

    private Task UntilReceivedAsync(long bytes) => Bounds.UntilAsync(() =>
        _router.Services.GetRequiredService<LiveRegistry>().All.Single().Audio == TimeSpan.FromSeconds(bytes / 8000.0));
}
