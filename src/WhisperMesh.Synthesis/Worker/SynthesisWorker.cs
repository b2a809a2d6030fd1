using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults;
using WhisperMesh.ServiceDefaults.Discovery;
using WhisperMesh.ServiceDefaults.Endpoints;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Workers;

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
        builder.Services.AddSingleton<VoiceLoader>();
        builder.Services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<VoiceLoader>());
        builder.AddWorkerLease("synthesis", provider => Capabilities.Create(
            provider.GetRequiredService<IOptions<SynthesisOptions>>().Value, provider.GetRequiredService<VoiceLoader>().Engine));

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<SynthesisGrpcService>();
        app.MapGrpcService<WorkerGrpcService>();
        return app;
    }
}
