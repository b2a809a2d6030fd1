using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Admission;

internal static class AdmissionExtensions
{
    /// <summary>Adds the queue before the workers; the stages are in <see cref="RouterPipeline"/>.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddValidatedOptions<AdmissionOptions, AdmissionOptionsValidator>(AdmissionOptions.SectionName);
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton<AdmissionQueue>();
        services.MakeAtStart<AdmissionQueue>();
        services.AddSingleton<CostEstimator>();
        services.AddSingleton<TenantWeights>();
        return services;
    }
}
