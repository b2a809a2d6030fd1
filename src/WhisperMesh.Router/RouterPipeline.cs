using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay; written from the inside out.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddLanguages();
        services.AddQuality();
        services.AddSingleton<ITranscriptionStage>(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<TranscriptionRelay>();
            stage = ActivatorUtilities.CreateInstance<TranscriptionAdmission>(provider, stage);

            // After the languages, since a route that is matched on one brings its own settings for quality.
            stage = ActivatorUtilities.CreateInstance<QualityStage>(provider, stage);
            stage = ActivatorUtilities.CreateInstance<LanguageStage>(provider, stage);
            return ActivatorUtilities.CreateInstance<TranscriptionRoutingStage>(provider, stage);
        });
        services.AddSingleton(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<DetectionRelay>();
            return new DetectionPipeline(ActivatorUtilities.CreateInstance<TranscriptionRoutingStage>(provider, stage));
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
