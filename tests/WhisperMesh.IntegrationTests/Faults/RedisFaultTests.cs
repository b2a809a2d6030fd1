using System.Diagnostics;
using StackExchange.Redis;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Redis that hangs, that only some reach, and that forgets.</summary>
public sealed class RedisFaultTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaseBound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Promise (F23): while Redis hangs for 10 s requests are served as before, none of them waits for it, and no worker is lost.
    [Fact]
    public async Task Redis_Stopped10Seconds_RequestsGoOnAndNoWorkerIsLost()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await mesh.Router.ShouldTranscribeAsync();

        var took = new List<TimeSpan>();
        await Signals.SendAsync(mesh.Redis.ProcessId, "STOP");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Pause)
        {
            await mesh.Router.ShouldTranscribeAsync();
            var begin = clock.Elapsed;
            (await mesh.WorkerCountAsync()).ShouldBe(1);
            took.Add(clock.Elapsed - begin);
        }

        await Signals.SendAsync(mesh.Redis.ProcessId, "CONT");
        took.Order().ElementAt(took.Count / 2).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        // Past what is left of any lease: it has been renewed, or it would be gone.
        await using var redis = await ConnectionMultiplexer.ConnectAsync(mesh.Redis.ConnectionString);
        await Eventually.HoldsAsync(
            async () =>
            {
                (await mesh.WorkerCountAsync()).ShouldBe(1, mesh.Logs());
                return await Leases.RemainingAsync(redis) is { Count: 1 } remaining && remaining[0] > TimeSpan.FromSeconds(10);
            },
            LeaseBound,
            mesh.Logs);
    }

    // Promise (F26): a worker that alone has lost Redis is given up by the routers when its lease has run out, and not before, goes on
    // living, and is back when it reaches Redis again.
    [Fact]
    public async Task Redis_CutOffFromOneWorker_OthersServeAndItComesBack()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        await using var proxy = FaultProxy.Start(mesh.Redis.Port);
        mesh.StartRouter();
        mesh.StartTranscription();
        var cutOff = mesh.StartTranscription(
            new Dictionary<string, string> { ["ConnectionStrings__redis"] = $"127.0.0.1:{proxy.Port}" });
        await mesh.WaitUntilReadyAsync();

        await proxy.DownAsync();
        (await mesh.WorkerCountAsync()).ShouldBe(2);
        await mesh.Router.ShouldTranscribeAsync();
        await Eventually.HoldsAsync(async () => await mesh.WorkerCountAsync() == 1, LeaseBound, mesh.Logs);
        await mesh.Router.ShouldTranscribeAsync();
        (await cutOff.IsHealthyAsync()).ShouldBeTrue();

        proxy.Up();
        await Eventually.HoldsAsync(async () => await mesh.WorkerCountAsync() == 2, LeaseBound, mesh.Logs);
    }

    // Promise (F27): when Redis loses its data every request is served all the same, the router raises an alarm in its log and in
    // /health, nobody restarts, and workers have announced themselves again within 5 s.
    [Fact]
    public async Task Redis_Flushed_AlarmIsRaisedAndWorkersAreBack()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(mesh.Redis.ConnectionString);

        await redis.GetDatabase().ExecuteAsync("FLUSHALL");

        await Eventually.HoldsAsync(
            async () =>
            {
                (await mesh.WorkerCountAsync()).ShouldBe(1);
                return (await Leases.RemainingAsync(redis)).Count == 1;
            },
            TimeSpan.FromSeconds(5),
            mesh.Logs);
        await mesh.Router.ShouldTranscribeAsync();
        await Eventually.HoldsAsync(
            () => mesh.Router.Process.Log.Contains("Redis has lost its data", StringComparison.Ordinal), LeaseBound, mesh.Logs);
        var health = await mesh.Http.GetAsync("/health", Token);
        health.IsSuccessStatusCode.ShouldBeTrue();
        (await health.Content.ReadAsStringAsync(Token)).ShouldStartWith("""{"status":"degraded",""");
        mesh.Workers.Append(mesh.Router).ShouldAllBe(service => !service.Process.HasExited);
    }
}
