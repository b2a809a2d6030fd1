using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

internal static class SamplingExtensions
{
    /// <summary>Adds what decides on traces; it does nothing where all are kept.</summary>
    public static void AddTailSampling(this IServiceCollection services)
    {
        services.AddSingleton<SamplingMetrics>();
        services.AddSingleton(provider => new TraceBuffer(
            provider.GetRequiredService<IOptions<TelemetryOptions>>().Value.Sampling,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<SamplingMetrics>()));
        services.AddHostedService<KeptTraceNews>();
    }
}
