using Microsoft.Extensions.Options;
using WhisperMesh.Audio;
using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Speech.V1;
using WhisperMesh.Synthesis.Telemetry;

namespace WhisperMesh.Synthesis.Worker;

/// <summary>Builds the synthesis worker.</summary>
public static class SynthesisWorker
{
    /// <summary>The worker, ready for <see cref="MeshHost"/>.</summary>
    public static WebApplication Create(params string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("whispermesh-synthesis");
        builder.AddMeshEndpoints();
        builder.Services.AddValidatedOptions<SynthesisOptions, SynthesisOptionsValidator>(SynthesisOptions.SectionName);
        builder.Services.AddSingleton(provider => new AudioEncoder(
            new AudioDecoderOptions { FfmpegPath = provider.GetRequiredService<IOptions<SynthesisOptions>>().Value.FfmpegPath }));
        builder.Services.AddSingleton<VoiceLoader>();
        builder.Services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<VoiceLoader>());
        builder.Services.AddSingleton<SynthesisMetrics>();
        builder.Services.MakeAtStart<SynthesisMetrics>();
        builder.Services.AddServiceHealth(SynthesisService.Descriptor.FullName);
        builder.AddWorkerLease("synthesis", provider => Capabilities.Create(
            provider.GetRequiredService<IOptions<SynthesisOptions>>().Value, provider.GetRequiredService<VoiceLoader>()));

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<SynthesisGrpcService>();
        app.MapGrpcService<WorkerGrpcService>();
        return app;
    }
}
