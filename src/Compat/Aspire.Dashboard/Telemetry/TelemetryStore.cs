using Aspire.Dashboard.Configuration;
using Aspire.Dashboard.Live;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// The telemetry of the last while, in memory and bounded by <see cref="TelemetryLimits"/>.
/// </summary>
/// <remarks>
/// Concurrency: one lock guards all state. Records are immutable, made before the lock is taken and rendered after it is
/// released; under it there is only bookkeeping and copying of references. A reader sees a batch whole or not at all.
/// </remarks>
internal sealed class TelemetryStore(IOptions<TelemetryLimits> options, ChangeSignal changes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TelemetryLimits _limits = options.Value;
    private readonly ResourceBook _resources = new(options.Value);
    private readonly BoundedMap<string, TraceState> _traces = new(options.Value.MaxTraceCount, options.Value.MaxSignalBytes);
    private readonly BoundedMap<long, LogEntry> _logs = new(options.Value.MaxLogCount, options.Value.MaxSignalBytes);
    private readonly BoundedMap<string, MetricSeries> _metrics = new(options.Value.MaxMetricsCount, options.Value.MaxSignalBytes / 2);
    private long _logNumber;

    /// <summary>Notes that a resource was heard and gives the object that its records share.</summary>
    public TelemetryResource Observe(string service, string instance, IReadOnlyList<TelemetryAttribute> attributes)
    {
        lock (_gate)
        {
            return _resources.Observe(service, instance, attributes, time.GetUtcNow());
        }
    }

    /// <summary>Adds spans of one resource; says how many found their trace full.</summary>
    public int AddSpans(TelemetryResource resource, IReadOnlyList<SpanRecord> spans)
    {
        var dropped = 0;
        lock (_gate)
        {
            foreach (var span in spans)
            {
                if (!_traces.TryGet(span.TraceId, out var trace))
                {
                    trace = new TraceState(span.TraceId, _limits.MaxSpansPerTrace);
                    _traces.Put(span.TraceId, trace, 256);
                }

                if (trace.Add(span) is { } bytes)
                {
                    _traces.Grow(span.TraceId, bytes);
                }
                else
                {
                    dropped++;
                }
            }

            _resources.Count(resource, spans: spans.Count, errors: spans.Count(s => s.IsError));
        }

        changes.Raise();
        return dropped;
    }

    public void AddLogs(TelemetryResource resource, IReadOnlyList<LogEntry> logs)
    {
        lock (_gate)
        {
            foreach (var log in logs)
            {
                var number = ++_logNumber;
                _logs.Put(number, log with { Number = number }, Footprint.Of(log));
            }

            _resources.Count(resource, logs: logs.Count, errors: logs.Count(l => l.IsError));
        }

        changes.Raise();
    }

    public void AddMetrics(TelemetryResource resource, IReadOnlyList<MetricPoint> points)
    {
        // The key is as long as the attributes, so it is counted with them.
        var keyed = points.Select(point => (Key: MetricKey.Of(point), Point: point)).ToArray();
        var slot = MetricSeries.SlotOf(time.GetUtcNow());
        lock (_gate)
        {
            foreach (var (key, point) in keyed)
            {
                if (!_metrics.TryGet(key, out var series))
                {
                    series = new MetricSeries(point);
                }

                series.Add(point, slot);
                _metrics.Put(key, series, series.Bytes() + Footprint.Of(key));
            }

            _resources.Count(resource, metrics: points.Count);
        }

        changes.Raise();
    }

    /// <summary>By service and instance.</summary>
    public IReadOnlyList<ResourceSummary> GetResources()
    {
        ResourceSummary[] all;
        lock (_gate)
        {
            all = _resources.Snapshot();
        }

        return [.. all.OrderBy(r => r.Resource.Service, StringComparer.OrdinalIgnoreCase)
            .ThenBy(r => r.Resource.Instance, StringComparer.Ordinal)];
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<TraceSummary> GetTraces()
    {
        TraceSummary[] all;
        lock (_gate)
        {
            all = [.. _traces.Values.Select(t => t.Summary())];
        }

        return [.. all.OrderByDescending(t => t.StartNanos)];
    }

    public (TraceSummary Summary, IReadOnlyList<SpanRecord> Spans)? GetTrace(string traceId)
    {
        lock (_gate)
        {
            return _traces.TryGet(traceId, out var trace) ? (trace.Summary(), trace.Spans()) : null;
        }
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LogEntry> GetLogs()
    {
        LogEntry[] all;
        lock (_gate)
        {
            all = [.. _logs.Values];
        }

        return [.. all.OrderByDescending(l => l.TimeNanos).ThenByDescending(l => l.Number)];
    }

    /// <summary>By resource, meter, instrument and attributes.</summary>
    public IReadOnlyList<MetricPoint> GetMetrics()
    {
        MetricPoint[] all;
        lock (_gate)
        {
            all = [.. _metrics.Values.Select(series => series.Latest)];
        }

        return [.. all.OrderBy(MetricKey.Of, StringComparer.Ordinal)];
    }

    /// <summary>The history of those series whose latest point matches, in the same order.</summary>
    public IReadOnlyList<MetricSeriesSnapshot> GetSeries(Func<MetricPoint, bool> matches)
    {
        MetricSeriesSnapshot[] all;
        lock (_gate)
        {
            all = [.. _metrics.Values.Where(series => matches(series.Latest)).Select(series => series.Snapshot())];
        }

        return [.. all.OrderBy(series => MetricKey.Of(series.Latest), StringComparer.Ordinal)];
    }

    /// <summary>Forgets what is kept of one signal, of one service or, where it is empty, of all.</summary>
    public void Clear(Signal signal, string service)
    {
        lock (_gate)
        {
            switch (signal)
            {
                case Signal.Traces:
                    _traces.RemoveWhere(trace => trace.Involves(service));
                    break;
                case Signal.Logs:
                    _logs.RemoveWhere(log => service.Length == 0 || log.Resource.Service == service);
                    break;
                case Signal.Metrics:
                    _metrics.RemoveWhere(series => service.Length == 0 || series.Latest.Resource.Service == service);
                    break;
            }
        }

        changes.Raise();
    }
}
