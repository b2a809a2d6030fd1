using System.Collections.Concurrent;
using System.Diagnostics;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Telemetry;

/// <summary>Takes the router's own spans of requests that are sent under a span made here, whatever other tests do beside.</summary>
internal sealed class OwnSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public OwnSpans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "WhisperMesh.Router" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Runs a request; gives the spans of its trace, first begun first, once the router's call has ended.</summary>
    public async Task<IReadOnlyList<Activity>> OfAsync(Func<Task> request)
    {
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C);
        root.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        root.Start();
        await request();
        root.Stop();

        // The call that began it stands under no span of this source.
        await Bounds.UntilAsync(() => Of(root).Any(span => span.Kind == ActivityKind.Server && Of(root).Any(own => own.ParentSpanId == span.SpanId)));
        return [.. Of(root).Where(span => span.Source.Name == "WhisperMesh.Router")];
    }

    public void Dispose() => _listener.Dispose();

    private List<Activity> Of(Activity root) => [.. _ended.Where(span => span.TraceId == root.TraceId).OrderBy(span => span.StartTimeUtc)];
}
