using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Cache;
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
            stage = provider.Stage<TranscriptionAdmission>(stage);
            stage = provider.Stage<CacheStage>(stage);
            return provider.Stage<TranscriptionRoutingStage>(stage);
        });
        services.AddSingleton<ISynthesisStage>(provider =>
        {
            ISynthesisStage stage = provider.GetRequiredService<SynthesisRelay>();
            stage = provider.Stage<SynthesisAdmission>(stage);
            return provider.Stage<SynthesisRoutingStage>(stage);
        });
        return services;
    }

    private static T Stage<T>(this IServiceProvider provider, object next) => ActivatorUtilities.CreateInstance<T>(provider, next);
}
