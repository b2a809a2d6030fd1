using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Cache;
using WhisperMesh.Router.Captions;
using WhisperMesh.Router.Console;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Grpc;
using WhisperMesh.Router.Health;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.OpenApi;
using WhisperMesh.Router.Realtime;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Speech;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Tenants;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Router.Trust;
using WhisperMesh.Router.Upstreams;
using WhisperMesh.Router.Workers;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.Router.Workers.Health;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router;

internal static class RouterServices
{
    /// <summary>Adds the router; the worker directory comes with the caller's discovery.</summary>
    public static IHostApplicationBuilder AddRouter(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<RouterOptions, RouterOptionsValidator>(RouterOptions.SectionName);

        services.AddSingleton<IExposureRule, KeysExposureRule>();
        services.AddMeshRoutes();
        services.AddSingleton<IStartupTask, RouterDrain>();
        builder.AddRedisLink();
        builder.AddTenants();
        services.AddSingleton<AudioSpool>();
        services.AddHostedService<SpoolCleanup>();
        services.AddSingleton<RouterTelemetry>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<BudgetMetrics>();
        services.MakeAtStart<RouterTelemetry>();
        services.MakeAtStart<RequestMetrics>();
        services.MakeAtStart<BudgetMetrics>();
        services.AddSingleton<IWorkerConnectionFactory, GrpcWorkerConnections>();
        services.AddUpstreams();
        services.AddSingleton<KnownModels>();
        services.AddHostedService(provider => provider.GetRequiredService<KnownModels>());
        services.AddSingleton<PoolMatcher>();
        services.AddSingleton<WorkerPool>();
        services.AddHostedService<HealthProber>();
        services.AddSingleton<RetryBudget>();
        services.AddSingleton<HedgeBudget>();
        services.AddSingleton<RelayAttempts>();
        services.AddSingleton<HedgedAttempts>();
        services.AddSingleton<IRefusedAudioStore, RedisRefusedAudio>();
        services.AddSingleton<RefusedAudio>();
        services.AddHostedService<RefusedAudioListener>();
        services.AddSingleton<RelayRunner>();
        services.AddSingleton<TranscriptionRelay>();
        services.AddSingleton<SynthesisRelay>();
        services.AddAdmission();
        services.AddResultCache();
        services.AddPipeline();
        services.AddCaptions();
        services.AddLive();
        services.AddSingleton<ModelCatalog>();
        services.AddSingleton<TranscriptionFormReader>();
        services.AddSingleton<TranscriptionEndpoint>();
        services.AddSingleton<SpeechRequestReader>();
        services.AddSingleton<SpeechEndpoint>();
        services.AddRealtime();
        services.AddConsole();
        services.AddExplain();
        services.AddRouterHealth();
        services.AddReplyCompression();
        services.AddRouterOpenApi();
        return builder;
    }
}
