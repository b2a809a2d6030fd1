using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.ServiceDefaults.Tests.Errors;

public sealed class ErrorInterceptorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_MeshException_CarriesDetails()
    {
        var details = await CallAsync(() => throw MeshException.ResourceExhausted(
            ErrorReasons.QueueFull, "Full.", TimeSpan.FromSeconds(3), "audio"));

        details.ShouldBe(new RpcErrorDetails(
            StatusCode.ResourceExhausted, "Full.", "QUEUE_FULL", "whispermesh", "audio", TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task Call_UnexpectedException_HidesItsMessage()
    {
        var details = await CallAsync(() => throw new InvalidOperationException("secret"));

        details.StatusCode.ShouldBe(StatusCode.Internal);
        details.Message.ShouldNotContain("secret");
        details.Reason.ShouldBe("INTERNAL");
    }

    [Fact]
    public async Task GrpcHealth_Running_Serves()
    {
        await using var worker = await TestWorker.StartAsync(null, Token);
        using var channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);

        var health = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token);

        health.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    private static async Task<RpcErrorDetails> CallAsync(Func<ListModelsResponse> answer)
    {
        await using var worker = await TestWorker.StartAsync(
            null, Token, app => app.MapGrpcService<Models>(), builder => builder.Services.AddSingleton(answer));
        using GrpcChannel channel = GrpcChannelDefaults.CreateChannel(worker.Addresses.Grpc);
        var client = new ModelService.ModelServiceClient(channel);
        var error = await Should.ThrowAsync<RpcException>(
            async () => await client.ListModelsAsync(new ListModelsRequest(), cancellationToken: Token));
        return RpcErrorDetails.From(error);
    }

    private sealed class Models(Func<ListModelsResponse> answer) : ModelService.ModelServiceBase
    {
        public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
            Task.FromResult(answer());
    }
}
