namespace Aspire.Dashboard.Telemetry;

/// <summary>Who sent something: one instance of a service. Small, for every record keeps it.</summary>
/// <remarks>Its attributes are in <see cref="ResourceSummary"/>.</remarks>
internal sealed record TelemetryResource(string Service, string Instance, int Color);

internal readonly record struct TelemetryAttribute(string Key, string Value);

internal enum Signal
{
    Traces,
    Logs,
    Metrics,
}

internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

internal enum SpanStatus
{
    Unset,
    Ok,
    Error,
}

internal sealed record SpanEvent(ulong TimeNanos, string Name, IReadOnlyList<TelemetryAttribute> Attributes);

internal sealed record SpanLink(string TraceId, string SpanId, IReadOnlyList<TelemetryAttribute> Attributes);

internal sealed record SpanRecord
{
    public required TelemetryResource Resource { get; init; }

    public required string TraceId { get; init; }

    public required string SpanId { get; init; }

    /// <summary>Empty for a root span.</summary>
    public required string ParentSpanId { get; init; }

    public required string Name { get; init; }

    public string Scope { get; init; } = "";

    public SpanKind Kind { get; init; }

    public required ulong StartNanos { get; init; }

    /// <summary>Never before the start.</summary>
    public required ulong EndNanos { get; init; }

    public SpanStatus Status { get; init; }

    public string StatusMessage { get; init; } = "";

    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    public bool IsError => Status == SpanStatus.Error;

    public ulong DurationNanos => EndNanos - StartNanos;
}

internal sealed record LogEntry
{
    /// <summary>Counts up in order of arrival.</summary>
    public long Number { get; init; }

    public required TelemetryResource Resource { get; init; }

    public required ulong TimeNanos { get; init; }

    public required LogLevel Level { get; init; }

    public required string Category { get; init; }

    public required string Message { get; init; }

    /// <summary>Empty when logged outside a trace.</summary>
    public string TraceId { get; init; } = "";

    public string SpanId { get; init; } = "";

    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];

    public bool IsError => Level is LogLevel.Error or LogLevel.Critical;
}

/// <summary>How the values of an instrument are to be read.</summary>
internal enum MetricKind
{
    /// <summary>The value is what it is.</summary>
    Gauge,

    /// <summary>The value grows, and its rate is what matters.</summary>
    Counter,

    /// <summary>The values are spread over buckets.</summary>
    Histogram,
}

/// <summary>A single measurement that a trace was running for.</summary>
internal readonly record struct Exemplar(ulong TimeNanos, double Value, string TraceId, string SpanId);

/// <summary>The latest point of one instrument with one set of attributes.</summary>
internal sealed record MetricPoint
{
    public required TelemetryResource Resource { get; init; }

    public required string Meter { get; init; }

    public required string Name { get; init; }

    public string Description { get; init; } = "";

    public string Unit { get; init; } = "";

    /// <summary>gauge, sum, histogram, exponential histogram or summary; a sum or histogram since the last report says so.</summary>
    public required string Kind { get; init; }

    public MetricKind Shape { get; init; }

    /// <summary>True where it tells of the time since the last report only, and not since the start.</summary>
    public bool IsDelta { get; init; }

    /// <summary>When counting began; 0 when unknown.</summary>
    public ulong StartNanos { get; init; }

    public required ulong TimeNanos { get; init; }

    /// <summary>The value of a gauge or sum; null for a distribution.</summary>
    public double? Value { get; init; }

    /// <summary>How many values a distribution holds; null for a gauge or sum.</summary>
    public ulong? Count { get; init; }

    public double? Sum { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    /// <summary>Upper bounds of the buckets but the last.</summary>
    public double[] Bounds { get; init; } = [];

    /// <summary>One more than there are bounds, or none.</summary>
    public ulong[] Buckets { get; init; } = [];

    public IReadOnlyList<Exemplar> Exemplars { get; init; } = [];

    public IReadOnlyList<TelemetryAttribute> Attributes { get; init; } = [];
}
