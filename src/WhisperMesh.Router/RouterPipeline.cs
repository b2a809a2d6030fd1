using WhisperMesh.Router.Relay;

namespace WhisperMesh.Router;

/// <summary>The way of every request, from the outermost stage to the relay.</summary>
internal static class RouterPipeline
{
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.AddSingleton<ITranscriptionStage>(provider => provider.GetRequiredService<TranscriptionRelay>());
        services.AddSingleton<ISynthesisStage>(provider => provider.GetRequiredService<SynthesisRelay>());
        return services;
    }
}
