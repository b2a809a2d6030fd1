namespace Aspire.Dashboard.Telemetry;

/// <summary>One line of the list of traces.</summary>
internal sealed record TraceSummary
{
    public required string TraceId { get; init; }

    /// <summary>Name of the root span, or of the earliest one while no root has arrived.</summary>
    public required string Name { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required bool HasRoot { get; init; }

    public required IReadOnlyList<TelemetryResource> Resources { get; init; }

    public required ulong StartNanos { get; init; }

    public required ulong EndNanos { get; init; }

    public required int SpanCount { get; init; }

    public required int ErrorCount { get; init; }

    public required int DroppedSpanCount { get; init; }

    public ulong DurationNanos => EndNanos - StartNanos;
}

/// <summary>The spans of one trace as they come in. Guarded by <see cref="TelemetryStore"/>.</summary>
internal sealed class TraceState(string traceId, int maxSpans)
{
    private readonly Dictionary<string, SpanRecord> _spans = [];
    private readonly List<TelemetryResource> _resources = [];
    private SpanRecord? _head;
    private ulong _start = ulong.MaxValue;
    private ulong _end;
    private int _errors;
    private int _dropped;
    private TraceSummary? _summary;

    /// <summary>Adds a span; says how many bytes the trace grew, or null when it is full. A repeated span (a resent batch) counts once.</summary>
    public long? Add(SpanRecord span)
    {
        _summary = null;
        if (_spans.ContainsKey(span.SpanId))
        {
            return 0;
        }

        if (_spans.Count >= maxSpans)
        {
            _dropped++;
            return null;
        }

        _spans.Add(span.SpanId, span);
        _start = Math.Min(_start, span.StartNanos);
        _end = Math.Max(_end, span.EndNanos);
        _errors += span.IsError ? 1 : 0;
        if (!_resources.Contains(span.Resource))
        {
            _resources.Add(span.Resource);
        }

        if (_head is null || IsBetterHead(span, _head))
        {
            _head = span;
        }

        return Footprint.Of(span);
    }

    /// <summary>True where a service took part, or for any where the name is empty.</summary>
    public bool Involves(string service) => service.Length == 0 || _resources.Any(resource => resource.Service == service);

    public SpanRecord[] Spans() => [.. _spans.Values];

    public TraceSummary Summary() => _summary ??= new TraceSummary
    {
        TraceId = traceId,
        Name = _head!.Name,
        Resource = _head.Resource,
        HasRoot = _head.ParentSpanId.Length == 0,
        Resources = [.. _resources],
        StartNanos = _start,
        EndNanos = _end,
        SpanCount = _spans.Count,
        ErrorCount = _errors,
        DroppedSpanCount = _dropped,
    };

    private static bool IsBetterHead(SpanRecord candidate, SpanRecord head)
    {
        var (candidateIsRoot, headIsRoot) = (candidate.ParentSpanId.Length == 0, head.ParentSpanId.Length == 0);
        return candidateIsRoot == headIsRoot ? candidate.StartNanos < head.StartNanos : candidateIsRoot;
    }
}
