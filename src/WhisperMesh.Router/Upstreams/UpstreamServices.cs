using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Workers.Connections;
using WhisperMesh.ServiceDefaults.Discovery;

namespace WhisperMesh.Router.Upstreams;

internal static class UpstreamServices
{
    /// <summary>Adds upstreams to the worker directory that is there already.</summary>
    public static IServiceCollection AddUpstreams(this IServiceCollection services)
    {
        services.AddSingleton<IMeshConfigurationCheck, UpstreamsCheck>();
        services.AddSingleton<UpstreamGates>();
        services.AddSingleton<UpstreamClient>();
        services.AddSingleton<UpstreamTranscriber>();
        services.AddSingleton<UpstreamSpeaker>();
        services.AddSingleton<IWorkerConnectionFactory, UpstreamConnections>();

        var directory = services.Last(service => service.ServiceType == typeof(IWorkerDirectory));
        services.Remove(directory);
        services.AddSingleton<IWorkerDirectory>(provider => new UpstreamDirectory(
            (IWorkerDirectory)(directory.ImplementationInstance ?? directory.ImplementationFactory!(provider)),
            provider.GetRequiredService<IMeshConfigurationSource>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
