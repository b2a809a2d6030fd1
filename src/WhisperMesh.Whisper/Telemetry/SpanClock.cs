using System.Diagnostics;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>Says what time of day it was at a time stamp; all spans of a request go by one, so that they fit into each other.</summary>
internal readonly struct SpanClock
{
    private readonly DateTimeOffset _now;
    private readonly long _stamp;

    public SpanClock()
    {
        _now = TimeProvider.System.GetUtcNow();
        _stamp = Stopwatch.GetTimestamp();
    }

    public DateTimeOffset At(long stamp) => _now + Stopwatch.GetElapsedTime(_stamp, stamp);
}
