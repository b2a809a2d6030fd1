namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

/// <summary>Settings for hosts of tests.</summary>
internal static class TelemetrySettings
{
    /// <summary>A receiver that is not there: what is sent is lost, and nothing else happens.</summary>
    public static readonly KeyValuePair<string, string?> Otlp = new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");

    public static Dictionary<string, string?> With(params KeyValuePair<string, string?>[] settings) => new(settings);
}
