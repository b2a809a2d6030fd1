using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Speech.V1;
using WhisperMesh.Synthesis.Worker;
using WhisperMesh.Tests.Shared;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Synthesis.Tests.Worker;

/// <summary>The worker with its real voice on a real port, and a real Redis.</summary>
public class RunningWorker : IAsyncLifetime
{
    public const int Places = 2;
    public const int QueueLimit = 1;

    private RedisServer? _redis;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public SynthesisService.SynthesisServiceClient Speech => new(_channel);

    public WorkerService.WorkerServiceClient Worker => new(_channel);

    public string RedisConnection => _redis!.ConnectionString;

    internal IServiceProvider Services => _app!.Services;

    internal Uri HttpAddress => Services.GetRequiredService<MeshAddresses>().Http;

    public Uri Address => _app!.Services.GetRequiredService<MeshAddresses>().Grpc;

    public async Task<WorkerLoad> LoadAsync() =>
        (await Worker.GetLoadAsync(new GetLoadRequest(), cancellationToken: TestContext.Current.CancellationToken)).Load;

    /// <summary>Asks for the load until it is as wanted; fails after a minute.</summary>
    public async Task<WorkerLoad> WaitForLoadAsync(Func<WorkerLoad, bool> wanted)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var load = await LoadAsync();
            if (wanted(load))
            {
                return load;
            }

            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        _redis = await RedisServer.StartNewAsync(cancellationToken);
        _app = SynthesisWorker.Create(
        [
            "--Endpoints:HttpPort=0",
            "--Endpoints:GrpcPort=0",
            $"--ConnectionStrings:redis={_redis.ConnectionString}",
            $"--Synthesis:ConcurrentRequests={Places}",
            $"--Synthesis:QueueLimit={QueueLimit}",
            .. Settings,
        ]);
        await MeshHost.StartAsync(_app, cancellationToken);
        _channel = GrpcChannel.ForAddress(Address);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected virtual string[] Settings => [];
}
