using Microsoft.Extensions.DependencyInjection.Extensions;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Quality;

internal static class QualityExtensions
{
    /// <summary>Adds what judges results and has doubtful ones made again.</summary>
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddSingleton<RetryTime>();
        services.AddSingleton<QualityRetry>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMeshConfigurationCheck, QualitySettingsCheck>());
        return services;
    }
}
