using System.Collections.Concurrent;
using System.Diagnostics;

namespace WhisperMesh.Whisper.Tests.Telemetry;

/// <summary>Takes the engine's spans of one trace, whatever other tests do beside.</summary>
internal sealed class SpanListener : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public SpanListener()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "WhisperMesh.Whisper" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        Source = new ActivitySource("test");
        Root = Source.StartActivity("request")!;
    }

    public ActivitySource Source { get; }

    /// <summary>The caller's span, current where this was made.</summary>
    public Activity Root { get; }

    /// <summary>The ended spans of the trace, first begun first.</summary>
    public IReadOnlyList<Activity> Spans =>
        [.. _ended.Where(span => span.TraceId == Root.TraceId && span != Root).OrderBy(span => span.StartTimeUtc)];

    public IReadOnlyList<Activity> Under(Activity parent, string? name = null) =>
        [.. Spans.Where(span => span.ParentSpanId == parent.SpanId && (name is null || span.OperationName == name))];

    public void Dispose()
    {
        Root.Dispose();
        Source.Dispose();
        _listener.Dispose();
    }
}
