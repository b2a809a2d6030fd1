using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Live;
using WhisperMesh.Transcription.Models;
using WhisperMesh.Transcription.Requests;
using WhisperMesh.Transcription.Reuse;
using WhisperMesh.Transcription.Telemetry;

namespace WhisperMesh.Transcription;

/// <summary>The transcription worker, put together.</summary>
internal static class TranscriptionHost
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("whispermesh-transcription");
        builder.AddMeshEndpoints();
        builder.AddTranscription();
        builder.AddWorkerLease("transcription", WorkerDescription.Create);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<TranscriptionGrpcService>();
        app.MapGrpcService<LiveGrpcService>();
        app.MapGrpcService<WorkerGrpcService>();
        return app;
    }

    private static void AddTranscription(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<TranscriptionOptions, TranscriptionOptionsValidator>(TranscriptionOptions.SectionName);
        services.AddSingleton<DrainPatience>();
        services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<DrainPatience>());
        builder.AddModels();
        services.AddSingleton<SpeechEngine>();
        services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<SpeechEngine>());
        services.AddHealthChecks().AddCheck<DefaultModelHealthCheck>("model");
        services.AddServiceHealth(TranscriptionService.Descriptor.FullName);
        services.AddServiceHealth(LiveTranscriptionService.Descriptor.FullName);
        services.AddSingleton<TranscriptionMetrics>();
        services.MakeAtStart<TranscriptionMetrics>();
        services.AddSingleton<ConfigReader>();
        services.AddSingleton<HeardBefore>();
        services.AddSingleton<TranscriptionRunner>();
        services.AddSingleton<LanguageListener>();
        services.AddLive();
    }
}
