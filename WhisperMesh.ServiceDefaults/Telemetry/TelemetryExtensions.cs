using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Resources;
using WhisperMesh.ServiceDefaults.Hosting;
using WhisperMesh.ServiceDefaults.Telemetry.Logs;
using WhisperMesh.ServiceDefaults.Telemetry.Metrics;
using WhisperMesh.ServiceDefaults.Telemetry.Traces;

namespace WhisperMesh.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>All sources of spans and measures of the mesh.</summary>
    public const string MeshNames = "WhisperMesh.*";

    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        var services = builder.Services;
        services.AddValidatedOptions<TelemetryOptions, TelemetryOptionsValidator>(TelemetryOptions.SectionName);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, TelemetryRulesValidator>());
        var plan = TelemetryPlan.Read(builder.Configuration);
        services.AddSingleton(plan);
        builder.AddMeshConsole();
        if (plan is { Otlp: false, Metrics: false })
        {
            return;
        }

        // The environment's name is read by OpenTelemetry itself; AddService would override it.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
        {
            services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(serviceName));
        }

        builder.AddMeshMetrics(plan);
        if (plan.Otlp)
        {
            builder.AddMeshTraces();
            builder.AddMeshLogs();
        }
    }

    /// <summary>Maps <c>/metrics</c>, where it is wanted.</summary>
    public static void MapTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<TelemetryPlan>().Metrics)
        {
            app.MapMeshMetrics();
        }
    }
}
