using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Spool;
using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Clients;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.Speech.V1;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>A whole router on real ports, whose workers a test names.</summary>
internal sealed class RouterHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly string _spoolDirectory;

    private RouterHost(WebApplication app, FakeDirectory directory, string spoolDirectory)
    {
        (_app, Directory, _spoolDirectory) = (app, directory, spoolDirectory);
        var addresses = app.Services.GetRequiredService<MeshAddresses>();
        Http = new HttpClient { BaseAddress = addresses.Http, Timeout = Timeout.InfiniteTimeSpan };
        _channel = GrpcChannelDefaults.CreateChannel(addresses.Grpc);
        Transcription = new TranscriptionService.TranscriptionServiceClient(_channel);
        Live = new LiveTranscriptionService.LiveTranscriptionServiceClient(_channel);
        Synthesis = new SynthesisService.SynthesisServiceClient(_channel);
        Models = new ModelService.ModelServiceClient(_channel);
    }

    public FakeDirectory Directory { get; }

    public HttpClient Http { get; }

    public Uri GrpcAddress => _app.Services.GetRequiredService<MeshAddresses>().Grpc;

    /// <summary>For calls that the generated clients have no method for.</summary>
    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public TranscriptionService.TranscriptionServiceClient Transcription { get; }

    public LiveTranscriptionService.LiveTranscriptionServiceClient Live { get; }

    public SynthesisService.SynthesisServiceClient Synthesis { get; }

    public ModelService.ModelServiceClient Models { get; }

    public WebApplication App => _app;

    public CallInvoker Calls => _channel.CreateCallInvoker();

    public IServiceProvider Services => _app.Services;

    public AudioSpool Spool => _app.Services.GetRequiredService<AudioSpool>();

    /// <summary>Whether it has heard of workers that died with this audio.</summary>
    public bool Knows(byte[] audio) =>
        Services.GetRequiredService<RefusedAudio>().Refuses(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(audio)));

    public IReadOnlyList<string> SpoolFiles => System.IO.Directory.GetFiles(_spoolDirectory);

    public static Task<RouterHost> StartAsync(params WorkerLease[] workers) => StartAsync(new Dictionary<string, string?>(), workers);

    public static Task<RouterHost> StartAsync(Dictionary<string, string?> settings, params WorkerLease[] workers) =>
        StartAsync(NewSpool(), settings, workers);

    /// <summary>With more services than the router's own.</summary>
    public static Task<RouterHost> StartAsync(Action<IServiceCollection> addServices, params WorkerLease[] workers) =>
        StartAsync(NewSpool(), [], workers, addServices);

    /// <summary>With settings, and more services than the router's own.</summary>
    public static Task<RouterHost> StartAsync(
        Dictionary<string, string?> settings, Action<IServiceCollection> addServices, params WorkerLease[] workers) =>
        StartAsync(NewSpool(), settings, workers, addServices);

    public static Task<RouterHost> StartInAsync(string spool) => StartAsync(spool, [], []);

    private static async Task<RouterHost> StartAsync(
        string spool, Dictionary<string, string?> settings, WorkerLease[] workers, Action<IServiceCollection>? addServices = null)
    {
        var directory = new FakeDirectory(workers);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(settings)
        {
            ["Endpoints:HttpPort"] = "0",
            ["Endpoints:GrpcPort"] = "0",
            ["Router:SpoolDirectory"] = spool,
        });
        builder.AddServiceDefaults("whispermesh-router");
        builder.AddMeshEndpoints();
        builder.Services.AddSingleton<IWorkerDirectory>(directory);
        builder.AddRouter();
        addServices?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapRouter();
        app.MapDefaultEndpoints();
        await MeshHost.StartAsync(app, TestContext.Current.CancellationToken);
        return new RouterHost(app, directory, spool);
    }

    /// <summary>Transcribes over gRPC: config and audio up, all events down.</summary>
    public async Task<List<StreamTranscribeResponse>> TranscribeAsync(TranscriptionConfig config, params byte[][] audio)
    {
        using var call = Transcription.StreamTranscribe(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new StreamTranscribeRequest { Config = config }, TestContext.Current.CancellationToken);
        foreach (var chunk in audio)
        {
            var message = new StreamTranscribeRequest { Audio = Google.Protobuf.ByteString.CopyFrom(chunk) };
            await call.RequestStream.WriteAsync(message, TestContext.Current.CancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var events = new List<StreamTranscribeResponse>();
        await foreach (var message in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            events.Add(message);
        }

        return events;
    }

    private static string NewSpool() => System.IO.Directory.CreateTempSubdirectory("whispermesh-router-tests-").FullName;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
        System.IO.Directory.Delete(_spoolDirectory, recursive: true);
    }
}
