using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Endpoints;

/// <summary>Sets Kestrel up.</summary>
public static class EndpointExtensions
{
    /// <summary>
    /// Listens on two ports, HTTP and gRPC, as section <c>Endpoints</c> says. One port for both would need TLS: without it nothing
    /// tells the protocols apart.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="httpPort">Default of <c>Endpoints:HttpPort</c>.</param>
    /// <param name="grpcPort">Default of <c>Endpoints:GrpcPort</c>.</param>
    public static IHostApplicationBuilder AddMeshEndpoints(this IHostApplicationBuilder builder, int httpPort = 0, int grpcPort = 0)
    {
        var services = builder.Services;
        services.AddValidatedOptions<EndpointOptions, EndpointOptionsValidator>(
            EndpointOptions.SectionName,
            options => (options.HttpPort, options.GrpcPort) = (httpPort, grpcPort));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EndpointOptions>, EndpointRulesValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EndpointOptions>, ExposureValidator>());
        services.TryAddSingleton<MeshAddresses>();
        services.TryAddSingleton<EndpointTls>();
        services.AddHostedService<EndpointAnnouncer>();
        services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, WideMemoryPools>());
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<EndpointOptions>, MeshAddresses, EndpointTls>(Listen);
        return builder;
    }

    private static void Listen(KestrelServerOptions kestrel, IOptions<EndpointOptions> options, MeshAddresses addresses, EndpointTls tls)
    {
        EndpointOptions endpoints;
        try
        {
            endpoints = options.Value;
            tls.Prepare();
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            // Kestrel asks while the application is built. MeshHost validates before it starts, and reports this with all others.
            return;
        }

        var ip = IPAddress.Parse(endpoints.Address);
        kestrel.AddServerHeader = false;
        // Finds a peer that vanished without closing; its request is then cancelled and its place freed.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

        kestrel.Limits.MaxConcurrentConnections = DescriptorLimit.ConnectionsPerPort();

        ListenOptions? http = null;
        ListenOptions? grpc = null;
        kestrel.Listen(ip, endpoints.HttpPort, listen => tls.ApplyToHttp(http = listen));
        kestrel.Listen(ip, endpoints.GrpcPort, listen => tls.ApplyToGrpc(grpc = listen));
        addresses.Listening((http!, tls.HttpScheme), (grpc!, tls.GrpcScheme), endpoints.AnnouncedGrpcAddress);
    }
}
