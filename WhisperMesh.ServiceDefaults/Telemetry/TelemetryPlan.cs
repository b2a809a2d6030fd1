using Microsoft.Extensions.Configuration;

namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>To whom a process reports. Where nobody wants to know, nothing listens: neither to spans, nor to measures, nor to logs.</summary>
/// <param name="Otlp">Whether traces, metrics and logs are sent to an OTLP receiver.</param>
/// <param name="Metrics">Whether metrics are served at <c>/metrics</c>.</param>
internal sealed record TelemetryPlan(bool Otlp, bool Metrics)
{
    /// <summary>OpenTelemetry's own name for the receiver's address.</summary>
    public const string OtlpEndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // A value that is no boolean stops the start, when the options are validated.
    public static TelemetryPlan Read(IConfiguration configuration) => new(
        !string.IsNullOrWhiteSpace(configuration[OtlpEndpointKey]),
        !bool.TryParse(configuration[$"{TelemetryOptions.SectionName}:{nameof(TelemetryOptions.Metrics)}"], out var metrics) || metrics);
}
