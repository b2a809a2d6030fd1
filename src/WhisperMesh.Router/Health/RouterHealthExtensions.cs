using Microsoft.Extensions.Diagnostics.HealthChecks;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Health;

internal static class RouterHealthExtensions
{
    private const string Transcription = "transcription";
    private const string Synthesis = "synthesis";

    /// <summary>Adds the router's own checks, and says what each of its gRPC services depends on.</summary>
    public static void AddRouterHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<WorkersHealthCheck>("workers")
            .Add(ModelsCheck(Transcription, ModelKind.Transcription))
            .Add(ModelsCheck(Synthesis, ModelKind.Synthesis));
        services.AddServiceHealth(TranscriptionService.Descriptor.FullName, Transcription);
        services.AddServiceHealth(LiveTranscriptionService.Descriptor.FullName, Transcription);
        services.AddServiceHealth(RivaSpeechRecognition.Descriptor.FullName, Transcription);
        services.AddServiceHealth(SynthesisService.Descriptor.FullName, Synthesis);
        services.AddServiceHealth(ModelService.Descriptor.FullName);
    }

    private static HealthCheckRegistration ModelsCheck(string name, ModelKind kind) => new(
        name,
        provider => new ServedModelsHealthCheck(provider.GetRequiredService<DeclaredWorkers>(), kind),
        failureStatus: null,
        tags: [HealthExtensions.ServiceTag]);
}
