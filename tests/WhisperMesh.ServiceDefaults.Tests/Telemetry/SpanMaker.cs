using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace WhisperMesh.ServiceDefaults.Tests.Telemetry;

/// <summary>Spans as a process makes them: a first one that continues a caller's trace, and others below it.</summary>
internal static class SpanMaker
{
    /// <summary>The id of a trace of which so much of all ids lies below it.</summary>
    public static ActivityTraceId Trace(double place)
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), (ulong)(place * (1UL << 56)));
        return ActivityTraceId.CreateFromBytes(bytes);
    }

    /// <summary>Starts the first span of a trace in this process.</summary>
    public static Activity Root(ActivityTraceId trace)
    {
        var root = new Activity("request");
        root.SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        Activity.Current = null;
        return root.Start();
    }

    /// <summary>A span below another, which has ended.</summary>
    public static Activity Child(Activity parent, Action<Activity>? set = null)
    {
        Activity.Current = parent;
        var child = new Activity("step");
        child.Start();
        set?.Invoke(child);
        child.Stop();
        return child;
    }

    /// <summary>Ends a span after so much time.</summary>
    public static Activity End(Activity span, TimeSpan? duration = null)
    {
        span.SetEndTime(span.StartTimeUtc + (duration ?? TimeSpan.FromMilliseconds(5)));
        span.Stop();
        return span;
    }
}
