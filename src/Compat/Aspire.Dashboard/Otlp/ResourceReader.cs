using Aspire.Dashboard.Telemetry;
using OpenTelemetry.Proto.Resource.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>Finds out who sent a batch.</summary>
internal sealed class ResourceReader(TelemetryStore store, AttributeReader attributes)
{
    public TelemetryResource Observe(Resource? resource)
    {
        var sent = resource?.Attributes ?? [];
        var service = attributes.ReadValue(sent.FirstOrDefault(a => a.Key == "service.name")?.Value);
        var instance = attributes.ReadValue(sent.FirstOrDefault(a => a.Key == "service.instance.id")?.Value);
        return store.Observe(
            service.Length > 0 ? AttributeReader.CutName(service) : "unknown_service",
            AttributeReader.CutName(instance),
            attributes.Read(sent));
    }
}
