using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>
/// One span in place of many, so that hours of audio don't fill a dashboard: begins with the first of them, and ends when there
/// are enough. Thread-safe.
/// </summary>
/// <param name="name">Name of the span.</param>
/// <param name="countName">Attribute that says how many there were.</param>
/// <param name="parent">Parent of the span.</param>
/// <param name="clock">The request's.</param>
internal sealed class SpanSum(string name, string countName, ActivityContext parent, SpanClock clock)
{
    /// <summary>How many one span stands for.</summary>
    public const int Most = 64;

    private readonly Lock _gate = new();
    private WindowTotals _totals;
    private long _begin;
    private int _count;

    public void Begin()
    {
        lock (_gate)
        {
            _begin = _begin == 0 ? Stopwatch.GetTimestamp() : _begin;
        }
    }

    public void Add(in WindowTotals totals)
    {
        lock (_gate)
        {
            _totals.Add(totals);
            if (++_count >= Most)
            {
                Tell();
            }
        }
    }

    /// <summary>Tells what is left.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_count > 0)
            {
                Tell();
            }
        }
    }

    private void Tell()
    {
        using var activity = WhisperTelemetry.Source.StartActivity(name, ActivityKind.Internal, parent, startTime: clock.At(_begin));
        if (activity is not null)
        {
            activity.SetTag(countName, _count);
            _totals.Tag(activity);
        }
        (_totals, _begin, _count) = (default, 0, 0);
    }
}
