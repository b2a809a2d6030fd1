using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Tests.Shared;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Trust;

public sealed class WorkerTrustTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithoutToken_IsRefusedAndHealthIsOpen()
    {
        await using var worker = await StartAsync(null);
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);

        var error = await Should.ThrowAsync<RpcException>(
            async () => await new WorkerService.WorkerServiceClient(channel).GetLoadAsync(new GetLoadRequest(), cancellationToken: Token));

        error.StatusCode.ShouldBe(StatusCode.Unauthenticated);
        RpcErrorDetails.From(error).Reason.ShouldBe(ErrorReasons.NotOfThisMesh);
        await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token);
    }

    [Fact]
    public async Task Call_ByTrustOfTheSameMesh_IsServed()
    {
        await using var worker = await StartAsync(null);
        var id = worker.App.Services.GetRequiredService<WorkerIdentity>().Id;
        var options = GrpcChannelDefaults.CreateOptions();
        options.HttpHandler = worker.App.Services.GetRequiredService<MeshTrust>().Apply((SocketsHttpHandler)options.HttpHandler!, id);
        using var channel = GrpcChannel.ForAddress(worker.Addresses.Grpc, options);

        var reply = await new WorkerService.WorkerServiceClient(channel).GetLoadAsync(new GetLoadRequest(), cancellationToken: Token);

        reply.Load.ShouldNotBeNull();
    }

    [Fact]
    public async Task Directory_LeasesWrittenByStrangers_AreIgnored()
    {
        await using var redis = await RedisServer.StartNewAsync(Token);
        await using var redisClient = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await using var worker = await StartAsync(redis.ConnectionString);
        var own = (await worker.WaitForAsync(workers => workers.Count == 1, Token))[0];

        // One unsealed, one sealed with a secret of one's own, and the real one pointing elsewhere.
        var database = redisClient.GetDatabase();
        var elsewhere = new WorkerLease(own) { Address = "http://127.0.0.1:9" };
        foreach (var (id, secret) in new[] { ("test-unsealed", null), ("test-sealed", Secrets.Other), (own.WorkerId, Secrets.Other) })
        {
            await using var forger = await StartAsync(null, secret);
            var closed = forger.App.Services.GetRequiredService<LeaseSeal>().Close(new WorkerLease(elsewhere) { WorkerId = id }, long.MaxValue);
            await database.StringSetAsync($"whispermesh:worker:{id}", closed.ToByteArray());
            await database.SortedSetAddAsync("whispermesh:workers", id, double.MaxValue);
            await database.PublishAsync(RedisChannel.Literal("whispermesh:workers:changed"), id);
        }

        // A lease that is good and comes later shows that the others have been read.
        await using var second = await StartAsync(redis.ConnectionString);
        var leases = await worker.WaitForAsync(workers => workers.Count > 1, Token);
        leases.Count.ShouldBe(2);
        leases.ShouldAllBe(lease => lease.Address != elsewhere.Address);
    }

    private static Task<TestWorker> StartAsync(string? redis, string? secret = Secrets.One) => TestWorker.StartAsync(
        redis, Token, configure: builder => builder.Configuration.AddInMemoryCollection([new("Mesh:Secret", secret)]));
}
