using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Tenants;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<TranscriptionRelay>();
            return new TenantTranscriptionStage(stage, provider.GetRequiredService<TenantMeter>());
        });
        services.AddSingleton<ISynthesisStage>(provider =>
        {
            ISynthesisStage stage = provider.GetRequiredService<SynthesisRelay>();
            return new TenantSynthesisStage(stage, provider.GetRequiredService<TenantMeter>());
        });
        return services;
    }
}
