using WhisperMesh.Router.Cache;
using WhisperMesh.Router.Relay;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider => provider.Stage<CacheStage>(
            provider.GetRequiredService<TranscriptionRelay>()));
        services.AddSingleton<ISynthesisStage>(provider => provider.GetRequiredService<SynthesisRelay>());
        return services;
    }

    private static T Stage<T>(this IServiceProvider provider, ITranscriptionStage next)
        where T : ITranscriptionStage => ActivatorUtilities.CreateInstance<T>(provider, next);
}
