using Microsoft.Extensions.DependencyInjection.Extensions;
using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Languages;

internal static class LanguageExtensions
{
    /// <summary>Adds detection of languages, and what decides when it is asked.</summary>
    public static IServiceCollection AddLanguages(this IServiceCollection services)
    {
        services.AddSingleton<LanguageDetection>();
        services.AddSingleton<DetectionRelay>();
        services.AddSingleton<LanguageChoice>();
        services.AddSingleton<LanguagesEndpoint>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IMeshConfigurationCheck, LanguageSettingsCheck>());
        return services;
    }
}
