using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Health;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace WhisperMesh.ServiceDefaults.Tests.Health;

/// <summary>grpc.health.v1: Check and Watch, of the process and of services by name.</summary>
public sealed class GrpcHealthTests
{
    private const string Service = "some.v1.Service";
    private const string OtherService = "some.v1.Other";
    private const string Unknown = "some.v1.Unknown";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private volatile bool _serves = true;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_AllWell_EachNameServes()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        var client = new Grpc.Health.V1.Health.HealthClient(channel);

        foreach (var name in (string[])["", Service, OtherService, "whispermesh.workers.v1.WorkerService"])
        {
            (await CheckAsync(client, name)).ShouldBe(ServingStatus.Serving, name);
        }
    }

    [Fact]
    public async Task Check_OneServiceCannotBeUsed_OnlyThatOneDoesNotServe()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        var client = new Grpc.Health.V1.Health.HealthClient(channel);

        _serves = false;

        (await CheckAsync(client, Service)).ShouldBe(ServingStatus.NotServing);
        (await CheckAsync(client, OtherService)).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(client, "")).ShouldBe(ServingStatus.Serving);
        using var http = new HttpClient { BaseAddress = worker.Addresses.Http };
        (await http.GetAsync("/health", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Check_UnknownName_IsNotFound()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);

        var error = await Should.ThrowAsync<RpcException>(CheckAsync(new Grpc.Health.V1.Health.HealthClient(channel), Unknown));

        error.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Watch_ServiceGoesAndComesBack_TellsEachChange()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel)
            .Watch(new HealthCheckRequest { Service = Service }, cancellationToken: Token);

        await WaitForAsync(watch, ServingStatus.Serving);
        // At once: nothing that looks on a beat has seen it serve.
        _serves = false;
        await WaitForAsync(watch, ServingStatus.NotServing);
        _serves = true;
        await WaitForAsync(watch, ServingStatus.Serving);
    }

    [Fact]
    public async Task Watch_UnknownName_IsToldSoAndGoesOn()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel)
            .Watch(new HealthCheckRequest { Service = Unknown }, cancellationToken: Token);

        await WaitForAsync(watch, ServingStatus.ServiceUnknown);
    }

    [Fact]
    public async Task Watch_ProcessStops_IsToldBeforeConnectionsAreRefused()
    {
        await using var worker = await StartAsync();
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        using var watch = new Grpc.Health.V1.Health.HealthClient(channel).Watch(new HealthCheckRequest(), cancellationToken: Token);
        await WaitForAsync(watch, ServingStatus.Serving);

        worker.App.Lifetime.StopApplication();

        await WaitForAsync(watch, ServingStatus.NotServing);
    }

    private static async Task<ServingStatus> CheckAsync(Grpc.Health.V1.Health.HealthClient client, string service) =>
        (await client.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token)).Status;

    private static async Task WaitForAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus status)
    {
        do
        {
            (await watch.ResponseStream.MoveNext(Token).WaitAsync(Bound, Token)).ShouldBeTrue();
        }
        while (watch.ResponseStream.Current.Status != status);
    }

    private Task<TestWorker> StartAsync() => TestWorker.StartAsync(null, Token, configure: builder =>
    {
        builder.Services.AddHealthChecks().AddCheck(
            "usable", () => _serves ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("Not now."), [HealthExtensions.ServiceTag]);
        builder.Services.AddServiceHealth(Service, "usable");
        builder.Services.AddServiceHealth(OtherService);
    });
}
