using WhisperMesh.Router.Admission;
using WhisperMesh.Router.Cache;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Languages;
using WhisperMesh.Router.Quality;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Tenants;

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
            stage = provider.Stage<TranscriptionAdmission>(stage);

            // After the languages, since a route that is matched on one brings its own settings for quality.
            stage = provider.Stage<QualityStage>(stage);
            stage = provider.Stage<LanguageStage>(stage);
            stage = provider.Stage<CacheStage>(stage);
            stage = provider.Stage<TranscriptionRoutingStage>(stage);
            stage = provider.Stage<TenantTranscriptionStage>(stage);
            stage = provider.Measured(stage, detects: false);
            return provider.Stage<TranscriptionJourneyStage>(stage);
        });
        services.AddSingleton(provider =>
        {
            ITranscriptionStage stage = provider.GetRequiredService<DetectionRelay>();
            stage = provider.Stage<TranscriptionRoutingStage>(stage);
            stage = provider.Stage<TenantTranscriptionStage>(stage);
            stage = provider.Measured(stage, detects: true);
            return new DetectionPipeline(provider.Stage<TranscriptionJourneyStage>(stage));
        });
        services.AddSingleton<ISynthesisStage>(provider =>
        {
            ISynthesisStage stage = provider.GetRequiredService<SynthesisRelay>();
            stage = provider.Stage<SynthesisAdmission>(stage);
            stage = provider.Stage<SynthesisRoutingStage>(stage);
            stage = provider.Stage<TenantSynthesisStage>(stage);
            stage = provider.Stage<MeasuredSynthesis>(stage);
            return provider.Stage<SynthesisJourneyStage>(stage);
        });
        return services;
    }

    private static MeasuredTranscription Measured(this IServiceProvider provider, ITranscriptionStage next, bool detects) =>
        ActivatorUtilities.CreateInstance<MeasuredTranscription>(provider, next, detects);

    private static T Stage<T>(this IServiceProvider provider, object next) => ActivatorUtilities.CreateInstance<T>(provider, next);
}
