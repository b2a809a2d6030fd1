using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Trust;
using WhisperMesh.ServiceDefaults.Workers;
using WhisperMesh.Workers.V1;

namespace WhisperMesh.ServiceDefaults.Discovery;

/// <summary>Lets workers announce themselves and routers find them.</summary>
public static class DiscoveryExtensions
{
    /// <summary>
    /// Makes this process a worker: adds its <see cref="WorkerIdentity"/>, its <see cref="WorkerGate"/>, its lease in Redis, and
    /// what <see cref="WorkerGrpcService"/> answers. Needs <c>AddMeshEndpoints</c>; takes an <see cref="IWorkerModels"/> if there is one.
    /// </summary>
    /// <param name="builder">The worker's builder.</param>
    /// <param name="kind">What it does, the first part of its id.</param>
    /// <param name="capabilities">Made once, after the startup tasks; its limits are the gate's.</param>
    public static IHostApplicationBuilder AddWorkerLease(
        this IHostApplicationBuilder builder, string kind, Func<IServiceProvider, WorkerCapabilities> capabilities)
    {
        var services = builder.AddRedisLink(ownThreads: true).Services;
        services.AddValidatedOptions<WorkerOptions, WorkerOptionsValidator>(WorkerOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkerOptions>, WorkerWordsValidator>());
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Describe(capabilities(provider)));
        services.AddSingleton(provider => WorkerIdentity.Create(kind, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new LiveGate(
            provider.GetRequiredService<WorkerCapabilities>(), provider.GetRequiredService<DrainState>()));
        services.AddSingleton(provider => new WorkerGate(
            provider.GetRequiredService<WorkerCapabilities>(),
            provider.GetRequiredService<DrainState>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<LiveGate>(),
            provider.GetService<IWorkerModels>()));
        services.AddCallTokens();
        services.AddSingleton<LeaseWriter>();
        services.AddSingleton<LeaseState>();
        services.AddHealthChecks().AddCheck<LeaseHealthCheck>("lease");
        services.AddServiceHealth(WorkerService.Descriptor.FullName);
        services.AddHostedService<WorkerLeasePublisher>();
        return builder;
    }

    /// <summary>Adds <see cref="IWorkerDirectory"/>.</summary>
    public static IHostApplicationBuilder AddWorkerDirectory(this IHostApplicationBuilder builder)
    {
        var services = builder.AddRedisLink().Services;
        services.AddSingleton<LeaseReader>();
        services.AddSingleton<RedisDataGuard>();
        services.AddHealthChecks().AddCheck<RedisDataGuard>("redis-data");
        services.AddSingleton<RedisWorkerDirectory>();
        services.AddSingleton<IWorkerDirectory>(provider => provider.GetRequiredService<RedisWorkerDirectory>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisWorkerDirectory>());
        return builder;
    }

    /// <summary>Adds the connection to Redis, once.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="ownThreads">
    /// Whether it has threads of its own: leases are renewed then, however busy the shared ones are. Each answer costs more, since it
    /// goes from thread to thread once more. Whoever adds the connection first decides.
    /// </param>
    internal static IHostApplicationBuilder AddRedisLink(this IHostApplicationBuilder builder, bool ownThreads = false)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(RedisLink)))
        {
            return builder;
        }

        builder.AddRedisClient(
            RedisLink.ConnectionName,
            // RedisLink's own check knows the difference between not yet and no longer.
            settings => settings.DisableHealthChecks = true,
            options => Configure(options, ownThreads));
        builder.Services.AddSingleton<RedisLink>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RedisLink>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupTask, RedisStartupCheck>());
        builder.Services.AddHealthChecks().AddCheck<RedisLinkHealthCheck>("redis");
        return builder;
    }

    private static void Configure(ConfigurationOptions options, bool ownThreads)
    {
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2000;
        options.ReconnectRetryPolicy = new LinearRetry(1000);
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        options.SocketManager = ownThreads
            ? new SocketManager("whispermesh-redis", workerCount: 2, SocketManager.SocketManagerOptions.None)
            : SocketManager.ThreadPool;
        // A lease written late is worth nothing; the next renewal brings a fresh one.
        options.BacklogPolicy = BacklogPolicy.FailFast;
    }
}
