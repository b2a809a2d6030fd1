using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Whisper.Windows;

namespace WhisperMesh.Whisper.Telemetry;

/// <summary>
/// A request in its caller's trace: its first windows with all their stages, later ones in sums. The engine begins no trace of its
/// own, and where nobody listens there is none of these. Thread-safe: windows go through the batch side by side.
/// </summary>
internal sealed class RequestTrace
{
    /// <summary>Windows with a span of their own; half an hour of talk, or three of them in sums of <see cref="SpanSum.Most"/>.</summary>
    public const int DetailedWindows = 64;

    private readonly ActivityContext _parent;
    private readonly SpanClock _clock = new();
    private readonly SpanSum _sum;
    private int _count;
    private long _processingBegin;
    private TimeSpan _processing;

    private RequestTrace(ActivityContext parent)
    {
        _parent = parent;
        _sum = new SpanSum(TelemetryNames.Spans.Windows, TelemetryNames.Attributes.WindowCount, parent, _clock);
    }

    /// <summary>Joins the trace of whoever calls; null where it is not recorded.</summary>
    public static RequestTrace? Join() =>
        Activity.Current is { IsAllDataRequested: true } caller && WhisperTelemetry.Source.HasListeners()
            ? new RequestTrace(caller.Context)
            : null;

    public WindowSpan StartWindow(SpeechWindow window)
    {
        var index = Interlocked.Increment(ref _count) - 1;
        if (index >= DetailedWindows)
        {
            _sum.Begin();
            return new WindowSpan(null, _sum.Add, _clock);
        }
        var activity = WhisperTelemetry.Source.StartActivity(
            TelemetryNames.Spans.Window, ActivityKind.Internal, _parent, startTime: _clock.At(Stopwatch.GetTimestamp()));
        activity?
            .SetTag(TelemetryNames.Attributes.WindowIndex, index)
            .SetTag(TelemetryNames.Attributes.WindowStart, SegmentFactory.Time(window.StreamStart).TotalSeconds)
            .SetTag(TelemetryNames.Attributes.AudioSeconds, window.Seconds)
            .SetTag(TelemetryNames.Attributes.SpeechSeconds, window.VoicedSeconds);
        return new WindowSpan(activity, null, _clock);
    }

    /// <summary>A window's text was made into segments. Called by one task.</summary>
    public void Processed(long begin)
    {
        _processingBegin = _processingBegin == 0 ? begin : _processingBegin;
        _processing += Stopwatch.GetElapsedTime(begin);
    }

    /// <summary>Nothing of the request is in the engine any more.</summary>
    public void Complete()
    {
        _sum.Complete();
        if (_processingBegin == 0)
        {
            return;
        }
        WhisperTelemetry.Source.StartActivity(
            TelemetryNames.Spans.PostProcessing, ActivityKind.Internal, _parent, startTime: _clock.At(_processingBegin))?
            .SetTag(TelemetryNames.Attributes.BusySeconds, _processing.TotalSeconds)
            .Dispose();
        _processingBegin = 0;
    }
}
