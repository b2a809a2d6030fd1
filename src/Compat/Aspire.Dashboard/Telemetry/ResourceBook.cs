using Aspire.Dashboard.Configuration;

namespace Aspire.Dashboard.Telemetry;

/// <summary>What is shown of a resource.</summary>
internal sealed record ResourceSummary(
    TelemetryResource Resource,
    IReadOnlyList<TelemetryAttribute> Attributes,
    DateTimeOffset LastSeen,
    long SpanCount,
    long LogCount,
    long MetricCount,
    long ErrorCount);

/// <summary>The resources heard of. Guarded by <see cref="TelemetryStore"/>.</summary>
internal sealed class ResourceBook(TelemetryLimits limits)
{
    private readonly BoundedMap<(string Service, string Instance), State> _resources = new(limits.MaxResourceCount, limits.MaxSignalBytes / 4);
    private int _nextColor;

    public TelemetryResource Observe(string service, string instance, IReadOnlyList<TelemetryAttribute> attributes, DateTimeOffset now)
    {
        var key = (service, instance);
        if (!_resources.TryGet(key, out var state))
        {
            state = new State(new TelemetryResource(service, instance, ColorOf(service)));
        }

        state.Attributes = attributes;
        state.LastSeen = now;
        _resources.Put(key, state, 128 + Footprint.Of(service) + Footprint.Of(instance) + Footprint.Of(attributes));
        return state.Resource;
    }

    public void Count(TelemetryResource resource, int spans = 0, int logs = 0, int metrics = 0, int errors = 0)
    {
        if (_resources.TryGet((resource.Service, resource.Instance), out var state))
        {
            state.Spans += spans;
            state.Logs += logs;
            state.Metrics += metrics;
            state.Errors += errors;
        }
    }

    public ResourceSummary[] Snapshot() =>
        [.. _resources.Values.Select(s => new ResourceSummary(s.Resource, s.Attributes, s.LastSeen, s.Spans, s.Logs, s.Metrics, s.Errors))];

    /// <summary>Instances of one service share its colour.</summary>
    private int ColorOf(string service)
    {
        var sibling = _resources.Values.FirstOrDefault(s => s.Resource.Service == service);
        return sibling?.Resource.Color ?? _nextColor++ % 8;
    }

    private sealed class State(TelemetryResource resource)
    {
        public TelemetryResource Resource => resource;

        public IReadOnlyList<TelemetryAttribute> Attributes { get; set; } = [];

        public DateTimeOffset LastSeen { get; set; }

        public long Spans { get; set; }

        public long Logs { get; set; }

        public long Metrics { get; set; }

        public long Errors { get; set; }
    }
}
