using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Routing;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider => new TranscriptionRoutingStage(
            provider.GetRequiredService<TranscriptionRelay>(), provider.GetRequiredService<IRoutePlanner>()));
        services.AddSingleton<ISynthesisStage>(provider => new SynthesisRoutingStage(
            provider.GetRequiredService<SynthesisRelay>(), provider.GetRequiredService<IRoutePlanner>()));
        return services;
    }
}
