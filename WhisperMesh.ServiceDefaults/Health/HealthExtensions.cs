using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>Adds and maps health.</summary>
public static class HealthExtensions
{
    /// <summary>
    /// Tag of checks that say whether one gRPC service can be used. They count for that service in grpc.health.v1, and not for the
    /// process.
    /// </summary>
    public const string ServiceTag = "service";

    private const string LiveTag = "live";

    /// <summary>
    /// Lets grpc.health.v1 tell of a gRPC service by name: it serves while the process is ready and the checks that are named here pass.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="service">Full name of the gRPC service.</param>
    /// <param name="checks">Names of checks with <see cref="ServiceTag"/>.</param>
    public static IServiceCollection AddServiceHealth(this IServiceCollection services, string service, params string[] checks) =>
        services.Configure<ServiceHealthOptions>(options => options.Services[service] = checks);

    internal static void AddMeshHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<DrainState>();
        services.AddValidatedOptions<DrainOptions, DrainOptionsValidator>(DrainOptions.SectionName);
        services.AddHostedService<DrainNotice>();
        services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag])
            .AddCheck<DrainHealthCheck>("accepting");
    }

    internal static void MapMeshHealth(this WebApplication app)
    {
        // Open to all: probes carry no keys.
        app.MapChecks("/health", check => !check.Tags.Contains(ServiceTag));
        app.MapChecks("/alive", check => check.Tags.Contains(LiveTag));
        app.MapGrpcService<HealthGrpcService>().AllowAnonymous();
    }

    private static void MapChecks(this WebApplication app, string path, Func<HealthCheckRegistration, bool> checks) => app
        .MapHealthChecks(path, new HealthCheckOptions { Predicate = checks, ResponseWriter = HealthReportWriter.WriteAsync })
        .AllowAnonymous()
        .DisableHttpMetrics();
}
