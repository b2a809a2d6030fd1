using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.ServiceDefaults.Health;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry.Logs;
using WhisperMesh.ServiceDefaults.Trust;

namespace WhisperMesh.ServiceDefaults;

/// <summary>What every process of the mesh has in common.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health checks, gRPC with the mesh's error mapping, and quiet logs of one line each.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="serviceName">Name in telemetry when <c>OTEL_SERVICE_NAME</c> is not set.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string? serviceName = null)
        where TBuilder : IHostApplicationBuilder
    {
        AddLogDefaults(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry(serviceName ?? builder.Environment.ApplicationName);
        builder.Services.AddMeshHealth();
        builder.Services.AddMeshTrust();
        builder.Services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>());
        builder.Services.AddGrpcReflection();
        return builder;
    }

    /// <summary>Maps <c>/health</c>, <c>/alive</c>, <c>/metrics</c>, grpc.health.v1 and gRPC reflection.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapMeshHealth();
        app.MapTelemetry();
        app.MapGrpcReflectionService();
        return app;
    }

    // Lowest in priority, so that appsettings, environment and command line can say otherwise.
    private static void AddLogDefaults(IConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Default", "Information"),
                new("Logging:LogLevel:Grpc", "Warning"),
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"),
                // A cancelled call is no error; our own interceptor logs what matters.
                new("Logging:LogLevel:Grpc.AspNetCore.Server.ServerCallHandler", "Critical"),
                // RedisLink tells of the connection, and the health endpoints of health, once instead of on every beat.
                new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "Critical"),
                new("Logging:LogLevel:StackExchange.Redis", "Critical"),
                new("Logging:LogLevel:System.Net.Http.HttpClient", "Warning"),
                new("Logging:Console:FormatterName", MeshConsoleFormatter.FormatterName),
            ],
        });
}
