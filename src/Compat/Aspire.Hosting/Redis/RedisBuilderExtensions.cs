using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Redis;

namespace Aspire.Hosting;

/// <summary>Adds Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>
    /// Adds a Redis-compatible server. The setting <c>Redis:Server</c> says which: <c>redis-server</c>, <c>garnet</c>, or by default the
    /// first where it is on the PATH and the second otherwise.
    /// </summary>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port)
    {
        var redis = new RedisResource(name);
        return builder.AddResource(redis)
            .WithAnnotation(new EndpointAnnotation(ProtocolType.Tcp, "tcp", name: RedisResource.EndpointName, port: port))
            .WithAnnotation(new ProcessAnnotation(
                instance => RedisServers.Plan(redis, instance, builder.Configuration["Redis:Server"], builder.AppHostDirectory)))
            .WithAnnotation(new RedisProbeAnnotation(redis));
    }

    /// <inheritdoc cref="AddRedis(IDistributedApplicationBuilder, string, int?)"/>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddRedis(name, port: null);
}
