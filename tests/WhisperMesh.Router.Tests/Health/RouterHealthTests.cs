using System.Net;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using GrpcHealth = Grpc.Health.V1.Health;

namespace WhisperMesh.Router.Tests.Health;

/// <summary>What a router says of itself as workers come and go.</summary>
public sealed class RouterHealthTests : IAsyncLifetime
{
    private RouterHost _router = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _router = await RouterHost.StartAsync();

    public async ValueTask DisposeAsync() => await _router.DisposeAsync();

    [Fact]
    public async Task Health_NoWorker_IsReadyButDegraded()
    {
        using var response = await _router.Http.GetAsync("/health", Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
        report.GetProperty("status").GetString().ShouldBe("degraded");
        report.GetProperty("checks").GetProperty("workers").GetProperty("status").GetString().ShouldBe("degraded");
        report.GetProperty("checks").TryGetProperty("transcription", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Health_Worker_IsHealthy()
    {
        _router.Directory.Workers = [Leases.Synthesis("s")];

        (await _router.Http.GetStringAsync("/health", Token)).ShouldStartWith("""{"status":"healthy",""");
    }

    [Fact]
    public async Task Check_WorkersOfOneKind_OnlyItsServicesServe()
    {
        _router.Directory.Workers = [Leases.Transcription("t")];

        (await CheckAsync("")).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(TranscriptionService.Descriptor.FullName)).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(LiveTranscriptionService.Descriptor.FullName)).ShouldBe(ServingStatus.Serving);
        (await CheckAsync("nvidia.riva.asr.RivaSpeechRecognition")).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(ModelService.Descriptor.FullName)).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(SynthesisService.Descriptor.FullName)).ShouldBe(ServingStatus.NotServing);
    }

    [Fact]
    public async Task Watch_LastWorkerGoes_IsTold()
    {
        _router.Directory.Workers = [Leases.Transcription("t")];
        using var watch = new GrpcHealth.HealthClient(_router.Calls)
            .Watch(new HealthCheckRequest { Service = TranscriptionService.Descriptor.FullName }, cancellationToken: Token);
        await WaitForAsync(watch, ServingStatus.Serving);

        _router.Directory.Workers = [];

        await WaitForAsync(watch, ServingStatus.NotServing);
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await new GrpcHealth.HealthClient(_router.Calls).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token)).Status;

    private static async Task WaitForAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus status)
    {
        do
        {
            (await watch.ResponseStream.MoveNext(Token).Bounded()).ShouldBeTrue();
        }
        while (watch.ResponseStream.Current.Status != status);
    }
}
