using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Transcription.Live;

internal static class LiveExtensions
{
    /// <summary>Adds what <see cref="LiveGrpcService"/> needs.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSingleton<LiveMetrics>();
        services.MakeAtStart<LiveMetrics>();
        services.AddSingleton<LiveConfigReader>();
        services.AddSingleton<LiveRunner>();
        return services;
    }
}
