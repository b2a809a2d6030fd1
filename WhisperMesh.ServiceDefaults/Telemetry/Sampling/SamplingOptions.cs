using System.ComponentModel.DataAnnotations;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// Which traces are exported, section <c>Telemetry:Sampling</c>. With the default all are. With a smaller ratio a process holds the spans
/// of the others until it knows how the request went, and keeps those that were slow, failed, or came out doubtful.
/// </summary>
public sealed class SamplingOptions
{
    /// <summary>
    /// Share of traces that are kept whatever became of them. It goes by the trace's id, so that all processes with the same ratio keep
    /// the same traces.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Ratio { get; set; } = 1;

    /// <summary>A request that took longer is slow. The length of its audio comes on top: what is spoken live takes as long as it does.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan Slow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long spans are held after their request has ended here, in case that another process keeps the trace.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most spans held at once; beyond that the oldest traces go.</summary>
    [Range(100, 1_000_000)]
    public int MaxSpans { get; set; } = 10_000;

    /// <summary>Most spans held of one trace; beyond that its oldest ones go.</summary>
    [Range(10, 100_000)]
    public int MaxSpansPerTrace { get; set; } = 500;

    /// <summary>Whether there is nothing to decide.</summary>
    internal bool KeepsAll => Ratio >= 1;
}
