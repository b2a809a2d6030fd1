namespace Aspire.Dashboard.Api;

internal sealed record ApiResource(
    string Service,
    string Instance,
    DateTimeOffset LastSeen,
    long SpanCount,
    long LogCount,
    long MetricCount,
    long ErrorCount,
    IReadOnlyDictionary<string, string> Attributes);

internal sealed record ApiTrace(
    string TraceId,
    string Name,
    string Service,
    IReadOnlyList<string> Services,
    DateTimeOffset Start,
    double DurationMs,
    int SpanCount,
    int ErrorCount);

/// <summary>Spans in the order of the waterfall.</summary>
internal sealed record ApiTraceDetail(ApiTrace Trace, IReadOnlyList<ApiSpan> Spans, IReadOnlyList<ApiLog> Logs);

internal sealed record ApiSpan(
    string SpanId,
    string ParentSpanId,
    int Depth,
    string Service,
    string Name,
    string Scope,
    string Kind,
    string Status,
    string StatusMessage,
    DateTimeOffset Start,
    double DurationMs,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<ApiEvent> Events,
    IReadOnlyList<ApiLink> Links);

internal sealed record ApiEvent(DateTimeOffset Time, string Name, IReadOnlyDictionary<string, string> Attributes);

internal sealed record ApiLink(string TraceId, string SpanId, IReadOnlyDictionary<string, string> Attributes);

internal sealed record ApiLog(
    DateTimeOffset Time,
    string Level,
    string Service,
    string Category,
    string Message,
    string TraceId,
    string SpanId,
    IReadOnlyDictionary<string, string> Attributes);

internal sealed record ApiMetric(
    string Service,
    string Meter,
    string Name,
    string Unit,
    string Kind,
    DateTimeOffset Time,
    double? Value,
    ulong? Count,
    double? Sum,
    double? Min,
    double? Max,
    IReadOnlyDictionary<string, string> Attributes);
