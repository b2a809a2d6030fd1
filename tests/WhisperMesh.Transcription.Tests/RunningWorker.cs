using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Live;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Whisper;
using WhisperMesh.Workers.V1;

[assembly: AssemblyFixture(typeof(WhisperMesh.Transcription.Tests.RunningWorker))]

namespace WhisperMesh.Transcription.Tests;

/// <summary>
/// A whole worker with the real models on a real port; as a fixture one for all tests, with one request at once and one in the queue.
/// </summary>
public sealed class RunningWorker : IAsyncLifetime
{
    /// <summary>Test classes that share the worker run one after another: some of them fill its queue.</summary>
    public const string Collection = "worker";

    private const int ChunkBytes = 32_768;

    private readonly string[] _arguments;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public RunningWorker()
        : this(["--Transcription:ConcurrentRequests=1", "--Transcription:QueueLimit=1", "--Transcription:MaxAudioBytes=4000000"])
    {
    }

    private RunningWorker(string[] arguments) => _arguments = arguments;

    internal IServiceProvider Services => _app!.Services;

    internal Uri HttpAddress => Services.GetRequiredService<MeshAddresses>().Http;

    public WorkerGate Gate => _app!.Services.GetRequiredService<WorkerGate>();

    public LiveGate LiveGate => _app!.Services.GetRequiredService<LiveGate>();

    /// <summary>Tells the worker to stop, as a signal does; the task ends when it has.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _app!.Lifetime.StopApplication();
        return _app.StopAsync(cancellationToken);
    }

    internal LiveMetrics LiveMetrics => _app!.Services.GetRequiredService<LiveMetrics>();

    internal LiveConfigReader LiveConfigReader => _app!.Services.GetRequiredService<LiveConfigReader>();

    internal ConfigReader ConfigReader => _app!.Services.GetRequiredService<ConfigReader>();

    public TranscriptionService.TranscriptionServiceClient Client => new(_channel);

    public LiveTranscriptionService.LiveTranscriptionServiceClient LiveClient => new(_channel);

    public WorkerService.WorkerServiceClient WorkerClient => new(_channel);

    public Health.HealthClient HealthClient => new(_channel);

    /// <summary>A worker of its own for a test, with these settings.</summary>
    public static async Task<RunningWorker> StartAsync(params string[] arguments)
    {
        var worker = new RunningWorker(arguments);
        await worker.InitializeAsync();
        return worker;
    }

    public async ValueTask InitializeAsync()
    {
        _app = TranscriptionHost.Build(_arguments);
        await MeshHost.StartAsync(_app, TestContext.Current.CancellationToken);
        _channel = GrpcChannelDefaults.CreateChannel(_app.Services.GetRequiredService<MeshAddresses>().Grpc);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
    }

    /// <summary>What the engine of the default model has done.</summary>
    public async Task<EngineStatistics> ReadStatisticsAsync(CancellationToken cancellationToken)
    {
        using var lease = await _app!.Services.GetRequiredService<ModelRegistry>().AcquireAsync("", cancellationToken);
        return lease.Model.Statistics;
    }

    public static byte[] Recording(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Speech", $"{name}.wav"));

    /// <summary>Sends a whole request and gathers all events.</summary>
    public async Task<List<StreamTranscribeResponse>> TranscribeAsync(
        TranscriptionConfig config, byte[] audio, CancellationToken cancellationToken)
    {
        using var call = Client.StreamTranscribe(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = config }, cancellationToken);
        foreach (var chunk in audio.Chunk(ChunkBytes))
        {
            await call.RequestStream.WriteAsync(Audio(chunk), cancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var events = new List<StreamTranscribeResponse>();
        await foreach (var happening in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            events.Add(happening);
        }

        return events;
    }

    /// <summary>Sends messages as they are and gives the error that answers them.</summary>
    public async Task<RpcErrorDetails> FailAsync(CancellationToken cancellationToken, params StreamTranscribeRequest[] requests)
    {
        using var call = Client.StreamTranscribe(cancellationToken: cancellationToken);
        try
        {
            foreach (var request in requests)
            {
                await call.RequestStream.WriteAsync(request, cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The worker answered before all was sent; the answer is read below.
        }

        var error = await Should.ThrowAsync<RpcException>(async () =>
        {
            await foreach (var _ in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
            }
        });
        return RpcErrorDetails.From(error);
    }

    /// <summary>Waits until nothing is worked on and nothing waits.</summary>
    public async Task IdleAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Gate.Load is { ActiveRequestCount: 0, QueuedRequestCount: 0 })
            {
                idle.TrySetResult();
            }
        }

        Gate.Changed += Look;
        Look();
        await idle.Task.WaitAsync(bound, cancellationToken);
        Gate.Changed -= Look;
    }

    public static StreamTranscribeRequest Config(TranscriptionConfig config) => new() { Config = config };

    public static StreamTranscribeRequest Audio(byte[] bytes) => new() { Audio = ByteString.CopyFrom(bytes) };
}
