using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The OTEL_* variables that Aspire sets, so that a process reports to the dashboard and soon.</summary>
internal static class TelemetryEnvironment
{
    public static void Add(Dictionary<string, object> variables, ResourceInstance instance, DistributedApplicationModel model)
    {
        if (instance.Resource is DashboardResource || model.Resources.OfType<DashboardResource>().FirstOrDefault() is not { } dashboard)
        {
            return;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = new EndpointReference(dashboard, DashboardResource.OtlpEndpointName);
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        if (dashboard.Access.OtlpKey is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        variables["OTEL_SERVICE_NAME"] = instance.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = string.Create(CultureInfo.InvariantCulture, $"service.instance.id={instance.Id}");
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
