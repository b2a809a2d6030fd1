using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay; written from the inside out.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<TranscriptionRelay>();
            stage = ActivatorUtilities.CreateInstance<TranscriptionAdmission>(provider, stage);
            return ActivatorUtilities.CreateInstance<TranscriptionRoutingStage>(provider, stage);
        });
        services.AddSingleton<ISynthesisStage>(provider =>
        {
            ISynthesisStage stage = provider.GetRequiredService<SynthesisRelay>();
            stage = ActivatorUtilities.CreateInstance<SynthesisAdmission>(provider, stage);
            return ActivatorUtilities.CreateInstance<SynthesisRoutingStage>(provider, stage);
        });
        return services;
    }
}
