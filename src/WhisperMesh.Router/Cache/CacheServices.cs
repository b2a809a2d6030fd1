using WhisperMesh.Router.Cache.Flights;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Cache;

internal static class CacheServices
{
    public static IServiceCollection AddResultCache(this IServiceCollection services)
    {
        services.AddSingleton<RedisGuard>();
        services.AddSingleton<RedisResults>();
        services.AddSingleton<ClaimWatch>();
        services.AddSingleton<FlightBoard>();
        services.AddSingleton<ServerBook>();
        services.AddSingleton<CacheTelemetry>();
        services.MakeAtStart<CacheTelemetry>();
        services.AddSingleton<FlightCrew>();
        services.AddSingleton<IMeshConfigurationCheck, CacheSettingsCheck>();
        return services;
    }
}
