using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Trust;

internal static class TrustExtensions
{
    /// <summary>Adds what routers and workers know each other by.</summary>
    public static void AddMeshTrust(this IServiceCollection services)
    {
        services.AddValidatedOptions<MeshOptions, MeshOptionsValidator>(MeshOptions.SectionName);
        services.TryAddSingleton<MeshSecret>();
        services.TryAddSingleton<MeshCertificates>();
        services.TryAddSingleton<MeshClock>();
        services.TryAddSingleton<CallToken>();
        services.TryAddSingleton<LeaseSeal>();
        services.TryAddSingleton(provider =>
            new MeshTrust(provider.GetRequiredService<CallToken>(), provider.GetRequiredService<MeshCertificates>()));
    }

    /// <summary>Makes a worker refuse calls of strangers.</summary>
    public static void AddCallTokens(this IServiceCollection services) =>
        services.Configure<GrpcServiceOptions>(options => options.Interceptors.Add<CallTokenInterceptor>());
}
