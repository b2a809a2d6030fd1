using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Telemetry.Sampling;

namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>
/// What a process tells of itself, section <c>Telemetry</c>. Where to, OpenTelemetry's own variables say: with
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> traces, metrics and logs go there.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>Configuration section.</summary>
    public const string SectionName = "Telemetry";

    /// <summary>Whether metrics are served as Prometheus text at <c>/metrics</c>.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>
    /// What readers of <c>/metrics</c> must show as a bearer token, at least 32 characters. Without it <c>/metrics</c> is open on
    /// loopback, and given to no one by a service that listens beyond.
    /// </summary>
    public string? MetricsKey { get; set; }

    /// <summary>Which traces are exported.</summary>
    [ValidateObjectMembers]
    public SamplingOptions Sampling { get; set; } = new();
}

[OptionsValidator]
internal sealed partial class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>;

/// <summary>What no range can say.</summary>
internal sealed class TelemetryRulesValidator : IValidateOptions<TelemetryOptions>
{
    private const int MinKeyLength = 32;

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options) => options.MetricsKey switch
    {
        null or "" => ValidateOptionsResult.Success,
        { Length: < MinKeyLength } => ValidateOptionsResult.Fail(
            $"Telemetry:MetricsKey: it has fewer than {MinKeyLength} characters. `openssl rand -hex 32` makes a good one."),
        var key when key.Any(character => character is <= ' ' or > '~') => ValidateOptionsResult.Fail(
            "Telemetry:MetricsKey: it has spaces or characters other than printable ASCII, which no header carries."),
        _ => ValidateOptionsResult.Success,
    };
}
