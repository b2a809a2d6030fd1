using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Relay;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddLanguages();
        services.AddQuality();
        services.AddSingleton<ITranscriptionStage>(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<TranscriptionRelay>();

            // After the languages, since a route that is matched on one brings its own settings for quality.
            stage = ActivatorUtilities.CreateInstance<QualityStage>(provider, stage);
            stage = ActivatorUtilities.CreateInstance<LanguageStage>(provider, stage);
            return stage;
        });
        services.AddSingleton<ISynthesisStage>(provider => provider.GetRequiredService<SynthesisRelay>());
        return services;
    }
}
