using System.Diagnostics;
using StackExchange.Redis;
using WhisperMesh.IntegrationTests.Running;

namespace WhisperMesh.IntegrationTests.Faults;

/// <summary>Machines whose clocks are wrong, whose files run out, and whose cores are taken.</summary>
public sealed class MachineFaultTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Promise (F28): a node's clock may be an hour off, either way: its lease is good, calls from and to it are trusted,
    // and its log tells the operator.
    [Fact]
    public async Task Clock_AnHourOffOnANode_ChangesNothing()
    {
        using var clocks = await WrongClocks.CreateAsync();
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        var behind = mesh.StartAnotherRouter(clocks.OffBy("-1h"));
        mesh.StartTranscription(clocks.OffBy("+1h"));
        await mesh.WaitUntilReadyAsync();
        await mesh.Router.ShouldTranscribeAsync();
        await behind.ShouldTranscribeAsync();
        await Eventually.HoldsAsync(
            () => behind.Process.Log.Contains("clock is off by -3600 s", StringComparison.Ordinal), Bound, () => behind.Process.Log);
        mesh.Router.Process.Log.ShouldNotContain("clock is off");

        // The worker's place in the index is by Redis' clock.
        await using var redis = await ConnectionMultiplexer.ConnectAsync(mesh.Redis.ConnectionString);
        var entry = (await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync("whispermesh:workers")).ShouldHaveSingleItem();
        var now = new DateTimeOffset(await redis.GetServers()[0].TimeAsync()).ToUnixTimeMilliseconds();
        Math.Abs(entry.Score - now).ShouldBeLessThan(Bound.TotalMilliseconds);
    }

    // Promise (F30): a router that has no file descriptors to spare serves the connections that it has, closes new ones at once, and
    // takes new ones again as soon as old ones close.
    [Fact]
    public async Task Descriptors_UsedUp_OldConnectionsAreServedAndNewOnesLater()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter(launcher: ["prlimit", "--nofile=600:600"]);
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        using var old = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = mesh.Router.Http };
        await old.GetStringAsync("/alive", Token);

        var held = await HoldConnectionsAsync(mesh.Router.Http.Port, 300);
        (await AnswersNewcomersAsync(mesh.Router)).ShouldBeFalse();
        (await old.GetStringAsync("/alive", Token)).ShouldContain("healthy");

        held.ForEach(connection => connection.Dispose());
        await Eventually.HoldsAsync(() => AnswersNewcomersAsync(mesh.Router), Bound, mesh.Logs);
        await mesh.Router.ShouldTranscribeAsync();
    }

    // Promise (F31): with every core taken by others, workers renew their leases and routers call no worker dead.
    [Fact]
    public async Task Cores_Taken_LeasesAreRenewed()
    {
        await using var mesh = await FaultMesh.CreateAsync();
        mesh.StartRouter();
        mesh.StartTranscription();
        await mesh.WaitUntilReadyAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(mesh.Redis.ConnectionString);
        using var load = Process.Start("stress-ng", ["--cpu", $"{Environment.ProcessorCount * 4}", "--timeout", "12s", "--quiet"]);
        try
        {
            var shortest = TimeSpan.MaxValue;
            await Eventually.HoldsAsync(
                async () =>
                {
                    var remaining = (await Leases.RemainingAsync(redis)).ShouldHaveSingleItem();
                    shortest = remaining < shortest ? remaining : shortest;
                    (await mesh.WorkerCountAsync()).ShouldBe(1);
                    return load.HasExited;
                },
                Bound,
                mesh.Logs);

            // Renewed every 3 s for 15 s: it may be late by as much again.
            shortest.ShouldBeGreaterThan(TimeSpan.FromSeconds(8));
            mesh.Transcription[0].Process.Log.ShouldNotContain("could not be renewed");
            await mesh.Router.ShouldTranscribeAsync();
        }
        finally
        {
            load.Kill(entireProcessTree: true);
            await load.WaitForExitAsync(Token);
        }
    }

    private static async Task<List<System.Net.Sockets.TcpClient>> HoldConnectionsAsync(int port, int count)
    {
        var held = new List<System.Net.Sockets.TcpClient>();
        for (var i = 0; i < count; i++)
        {
            held.Add(new());
            await held[^1].ConnectAsync("127.0.0.1", port, Token);
        }

        return held;
    }

    private static async Task<bool> AnswersNewcomersAsync(MeshService router)
    {
        using var http = new HttpClient { BaseAddress = router.Http, Timeout = TimeSpan.FromSeconds(2) };
        try
        {
            return (await http.GetAsync("/alive", Token)).IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
