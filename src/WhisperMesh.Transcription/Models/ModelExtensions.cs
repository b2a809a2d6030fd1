using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Transcription.Engine;
using WhisperMesh.Transcription.Telemetry;

namespace WhisperMesh.Transcription.Models;

internal static class ModelExtensions
{
    /// <summary>Adds the models that the settings name, and the registry that lends them.</summary>
    public static void AddModels(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TranscriptionOptions>, ModelSettingsValidator>());
        services.AddSingleton(provider => ModelDefinitions.Read(
            provider.GetRequiredService<IOptions<TranscriptionOptions>>().Value, provider.GetRequiredService<IHostEnvironment>()));
        services.AddSingleton(provider => ModelLimits.Read(provider.GetRequiredService<IOptions<TranscriptionOptions>>().Value));
        services.AddSingleton<VoiceModel>();
        services.AddSingleton<IModelLoader, WhisperModelLoader>();
        services.AddSingleton<ModelMetrics>();
        services.AddSingleton<ModelRegistry>();
        services.AddHostedService<MemoryTrimmer>();
        services.AddSingleton<IWorkerModels>(provider => provider.GetRequiredService<ModelRegistry>());
    }
}
