using System.Diagnostics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// Holds the spans of traces that are not kept by their id until a rule keeps them, another process does, or the time for that is over.
/// Bounded in spans; who comes first goes first, those that have ended before those that run.
/// </summary>
/// <remarks>All state is guarded by one lock. Handlers of <see cref="Released"/> are called outside of it.</remarks>
internal sealed class TraceBuffer(SamplingOptions options, TimeProvider timeProvider, SamplingMetrics metrics)
{
    private const int KeptCapacity = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<ActivityTraceId, HeldTrace> _held = [];
    private readonly LinkedList<HeldTrace> _running = new();
    private readonly LinkedList<HeldTrace> _ended = new();
    private readonly KeptTraces _kept = new(KeptCapacity);
    private int _spans;

    /// <summary>A span is to be exported.</summary>
    public event Action<Activity>? Released;

    /// <summary>This process keeps a trace for what it saw; others may hold a part of it.</summary>
    public event Action<ActivityTraceId>? Kept;

    /// <summary>Spans held now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _spans;
            }
        }
    }

    /// <summary>Takes a span that has ended.</summary>
    public void Add(Activity span)
    {
        if (TraceRatio.Keeps(span.TraceId, options.Ratio))
        {
            Release(span, KeepReasons.Ratio);
            return;
        }

        string? reason;
        var isNews = false;
        IReadOnlyCollection<Activity> released;
        lock (_lock)
        {
            DropOverdue();
            reason = _kept.ReasonOf(span.TraceId);
            if (reason is not null)
            {
                released = [span];
            }
            else
            {
                var trace = Hold(span);
                reason = KeepRules.OfSpan(span) ?? (IsRoot(span) ? KeepRules.OfRequest(span, trace.Audio, options.Slow) : null);
                isNews = reason is not null;
                released = isNews ? Keep(trace, reason!) : [];
            }
        }

        if (reason is not null)
        {
            Release(released, reason);
        }

        if (isNews)
        {
            Kept?.Invoke(span.TraceId);
        }
    }

    /// <summary>Another process keeps this trace.</summary>
    public void Keep(ActivityTraceId id)
    {
        IReadOnlyCollection<Activity> released;
        lock (_lock)
        {
            if (!_held.TryGetValue(id, out var trace))
            {
                // Its spans may be still to come.
                _kept.Add(id, KeepReasons.Told);
                return;
            }

            released = Keep(trace, KeepReasons.Told);
        }

        Release(released, KeepReasons.Told);
    }

    private static bool IsRoot(Activity span) => span.Parent is null;

    private HeldTrace Hold(Activity span)
    {
        if (!_held.TryGetValue(span.TraceId, out var trace))
        {
            _held[span.TraceId] = trace = new HeldTrace(span.TraceId);
            trace.Place = _running.AddLast(trace);
        }

        if (trace.Spans.Count >= options.MaxSpansPerTrace)
        {
            LoseOldest(trace);
        }

        trace.Spans.Enqueue(span);
        _spans++;
        var audio = KeepRules.AudioOf(span);
        trace.Audio = audio > trace.Audio ? audio : trace.Audio;
        if (IsRoot(span) || trace.EndedAt is not null)
        {
            // A span that comes after the end begins the wait anew.
            trace.EndedAt = timeProvider.GetTimestamp();
            trace.Place!.List!.Remove(trace.Place);
            _ended.AddLast(trace.Place);
        }

        MakeRoom(trace);
        return trace;
    }

    private void MakeRoom(HeldTrace newest)
    {
        while (_spans > options.MaxSpans)
        {
            if (_ended.Concat(_running).FirstOrDefault(trace => trace != newest) is { } oldest)
            {
                Forget(oldest);
                metrics.Decided(SamplingMetrics.Evicted);
            }
            else
            {
                LoseOldest(newest);
            }
        }
    }

    private void LoseOldest(HeldTrace trace)
    {
        trace.Spans.Dequeue();
        _spans--;
        metrics.SpanLost();
    }

    private Queue<Activity> Keep(HeldTrace trace, string reason)
    {
        Forget(trace);
        _kept.Add(trace.Id, reason);
        return trace.Spans;
    }

    private void DropOverdue()
    {
        while (_ended.First is { } first && timeProvider.GetElapsedTime(first.Value.EndedAt!.Value) >= options.Grace)
        {
            Forget(first.Value);
            metrics.Decided(SamplingMetrics.Dropped);
        }
    }

    private void Forget(HeldTrace trace)
    {
        _held.Remove(trace.Id);
        trace.Place!.List!.Remove(trace.Place);
        _spans -= trace.Spans.Count;
    }

    private void Release(IReadOnlyCollection<Activity> spans, string reason)
    {
        foreach (var span in spans)
        {
            Release(span, reason);
        }
    }

    private void Release(Activity span, string reason)
    {
        if (IsRoot(span))
        {
            span.SetTag(TelemetryNames.Attributes.SampledBy, reason);
            metrics.Decided(reason);
        }

        Released?.Invoke(span);
    }
}
