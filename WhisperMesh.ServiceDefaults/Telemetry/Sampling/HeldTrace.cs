using System.Diagnostics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>The spans of one trace that have ended in this process, while nothing is known that would keep it.</summary>
internal sealed class HeldTrace(ActivityTraceId id)
{
    public ActivityTraceId Id => id;

    public Queue<Activity> Spans { get; } = new();

    /// <summary>Longest audio that a span has told of.</summary>
    public TimeSpan Audio { get; set; }

    /// <summary>When the request's last span ended here; null while it runs.</summary>
    public long? EndedAt { get; set; }

    /// <summary>Its place among those that run, or among those that have ended.</summary>
    public LinkedListNode<HeldTrace>? Place { get; set; }
}
