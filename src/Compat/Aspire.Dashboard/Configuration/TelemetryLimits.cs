using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard.Configuration;

/// <summary>How much telemetry is kept. Counts bound what is shown, bytes bound what a hostile sender can occupy.</summary>
internal sealed class TelemetryLimits
{
    public const string SectionName = "Dashboard:TelemetryLimits";

    /// <summary>Log records kept; the oldest go first.</summary>
    [Range(1, 1_000_000)]
    public int MaxLogCount { get; set; } = 10_000;

    /// <summary>Traces kept; the oldest go first, whole.</summary>
    [Range(1, 1_000_000)]
    public int MaxTraceCount { get; set; } = 10_000;

    /// <summary>Spans kept of one trace; later ones are counted and left out.</summary>
    [Range(1, 1_000_000)]
    public int MaxSpansPerTrace { get; set; } = 5_000;

    /// <summary>Metric series kept (instrument and attribute set); the one not updated for longest goes first.</summary>
    [Range(1, 1_000_000)]
    public int MaxMetricsCount { get; set; } = 10_000;

    /// <summary>Resources kept; the one not heard for longest goes first.</summary>
    [Range(1, 10_000)]
    public int MaxResourceCount { get; set; } = 200;

    /// <summary>Approximate bytes of all spans; the same again bounds the logs, a half the metrics and a quarter the resources.</summary>
    [Range(1 << 16, 1L << 36)]
    public long MaxSignalBytes { get; set; } = 64L << 20;

    /// <summary>Attributes kept of one span, event, log record or point.</summary>
    [Range(0, 10_000)]
    public int MaxAttributeCount { get; set; } = 128;

    /// <summary>Characters kept of an attribute's value, a name or a message.</summary>
    [Range(16, 1 << 20)]
    public int MaxAttributeLength { get; set; } = 4096;

    /// <summary>Events, and links, kept of one span.</summary>
    [Range(0, 10_000)]
    public int MaxSpanEventCount { get; set; } = 128;

    /// <summary>Bytes of one export message; larger ones are refused with RESOURCE_EXHAUSTED.</summary>
    [Range(1 << 10, 64 << 20)]
    public int MaxExportBytes { get; set; } = 4 << 20;

    /// <summary>Export messages received at the same time; one more is told to come again.</summary>
    [Range(1, 10_000)]
    public int MaxConcurrentExports { get; set; } = 64;

    /// <summary>How long an export message may take to arrive.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan MaxExportTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pages that are watched live at the same time.</summary>
    [Range(1, 10_000)]
    public int MaxLiveStreams { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class TelemetryLimitsValidator : IValidateOptions<TelemetryLimits>;
