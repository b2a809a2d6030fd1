using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Routing.Policies;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Routing;

internal static class RoutingServices
{
    /// <summary>Adds the configuration file, and the routes, policies and declarations that it describes.</summary>
    public static IServiceCollection AddMeshRoutes(this IServiceCollection services)
    {
        services.AddSingleton<ConfigurationReader>();
        services.AddSingleton<MeshConfigurationFile>();
        services.AddSingleton<IStartupTask>(provider => provider.GetRequiredService<MeshConfigurationFile>());
        services.AddHostedService(provider => provider.GetRequiredService<MeshConfigurationFile>());
        services.TryAddSingleton<IMeshConfigurationSource>(provider =>
            provider.GetRequiredService<IOptions<RouterOptions>>().Value.ConfigurationPath is { Length: > 0 }
                ? provider.GetRequiredService<MeshConfigurationFile>()
                : new NoMeshConfiguration());
        services.AddSingleton<IMeshConfigurationCheck, ModelsCheck>();
        services.AddSingleton<IMeshConfigurationCheck, WorkersCheck>();
        services.AddSingleton<IMeshConfigurationCheck, RoutesCheck>();
        services.AddSingleton<IMeshConfigurationCheck, TenantsCheck>();
        services.AddSelectionPolicies();
        services.AddSingleton<DeclaredWorkers>();
        services.AddSingleton<IRoutePlanner, RoutePlanner>();
        services.AddSingleton<EarlyRouteCheck>();
        return services;
    }
}
