using System.Net;
using WhisperMesh.Tests.Shared;

namespace WhisperMesh.ServiceDefaults.Tests.Discovery;

public sealed class DiscoveryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_WorkerStartsAndStops_AppearsAndGoesAtOnce()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var observer = await TestWorker.StartAsync(redis.ConnectionString, Token);
        var worker = await TestWorker.StartAsync(redis.ConnectionString, Token);
        var address = worker.Addresses.Grpc.ToString().TrimEnd('/');

        var leases = await observer.WaitForAsync(workers => workers.Any(lease => lease.Address == address), Token);
        var found = leases.Single(lease => lease.Address == address);
        found.WorkerId.ShouldStartWith("test-");
        found.Capabilities.Device.ShouldBe("cpu");

        await worker.DisposeAsync();
        await observer.WaitForAsync(workers => workers.All(lease => lease.Address != address), Token);
    }

    [Fact]
    public async Task Lease_LoadChanges_IsPublished()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var worker = await TestWorker.StartAsync(redis.ConnectionString, Token);
        await worker.WaitForAsync(workers => workers.Count == 1, Token);

        using (var ticket = worker.Gate.Admit())
        {
            await ticket.WaitAsync(Token);
            await worker.WaitForAsync(workers => workers is [{ Load.ActiveRequestCount: 1 }], Token);
        }

        await worker.WaitForAsync(workers => workers is [{ Load: { ActiveRequestCount: 0, CompletedRequestCount: 1 } }], Token);
    }

    [Fact]
    public async Task Start_RedisDown_StartsUnreadyAndBecomesReady()
    {
        await using var redis = RedisServer.CreateStopped();
        await using var worker = await TestWorker.StartAsync(redis.ConnectionString, Token);
        using var http = new HttpClient { BaseAddress = worker.Addresses.Http };

        (await http.GetAsync("/health", Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await http.GetAsync("/alive", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await redis.StartAsync(Token);
        await worker.WaitForAsync(workers => workers.Count == 1, Token);
        (await http.GetAsync("/health", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Redis_KilledAndStartedEmpty_KeepsSnapshotAndRepublishes()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var observer = await TestWorker.StartAsync(redis.ConnectionString, Token);
        await using var worker = await TestWorker.StartAsync(redis.ConnectionString, Token);
        await observer.WaitForAsync(workers => workers.Count == 2, Token);
        using var http = new HttpClient { BaseAddress = observer.Addresses.Http };
        var smallest = 2;
        observer.Directory.Changed += () => smallest = Math.Min(smallest, observer.Directory.Workers.Count);

        await redis.KillAsync();
        // A change of load that can't be published must not fail the request that made it.
        var ticket = worker.Gate.Admit();
        await ticket.WaitAsync(Token);
        observer.Directory.Workers.Count.ShouldBe(2);
        (await http.GetAsync("/health", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await redis.StartAsync(Token);
        await observer.WaitForAsync(workers => workers.Any(lease => lease.Load.ActiveRequestCount == 1), Token);
        smallest.ShouldBe(2);
        ticket.Dispose();
    }
}
