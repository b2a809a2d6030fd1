namespace Aspire.Dashboard.Telemetry;

/// <summary>What a record occupies, roughly: strings at two bytes a character, and a fixed cost for each object.</summary>
internal static class Footprint
{
    private const long ObjectBytes = 32;

    public static long Of(SpanRecord span) => 256
        + Of(span.Resource) + Of(span.TraceId) + Of(span.SpanId) + Of(span.ParentSpanId) + Of(span.Name) + Of(span.Scope) + Of(span.StatusMessage)
        + Of(span.Attributes)
        + span.Events.Sum(e => ObjectBytes + Of(e.Name) + Of(e.Attributes))
        + span.Links.Sum(l => ObjectBytes + Of(l.TraceId) + Of(l.SpanId) + Of(l.Attributes));

    public static long Of(LogEntry log) =>
        160 + Of(log.Resource) + Of(log.Category) + Of(log.Message) + Of(log.TraceId) + Of(log.SpanId) + Of(log.Attributes);

    public static long Of(MetricPoint point) => 256 + (8L * (point.Bounds.Length + point.Buckets.Length)) + (160L * point.Exemplars.Count)
        + Of(point.Resource) + Of(point.Meter) + Of(point.Name) + Of(point.Description) + Of(point.Unit) + Of(point.Attributes);

    // Counted for each record: who drops out of the book of resources lives on in its records.
    private static long Of(TelemetryResource resource) => Of(resource.Service) + Of(resource.Instance);

    public static long Of(string text) => ObjectBytes + (2L * text.Length);

    public static long Of(IReadOnlyList<TelemetryAttribute> attributes)
    {
        var bytes = ObjectBytes;
        foreach (var (key, value) in attributes)
        {
            bytes += Of(key) + Of(value);
        }

        return bytes;
    }
}
