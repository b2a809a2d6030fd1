using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Relay;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<TranscriptionRelay>();
            stage = ActivatorUtilities.CreateInstance<TranscriptionAdmission>(provider, stage);
            return stage;
        });
        services.AddSingleton<ISynthesisStage>(provider =>
        {
            ISynthesisStage stage = provider.GetRequiredService<SynthesisRelay>();
            stage = ActivatorUtilities.CreateInstance<SynthesisAdmission>(provider, stage);
            return stage;
        });
        return services;
    }
}
