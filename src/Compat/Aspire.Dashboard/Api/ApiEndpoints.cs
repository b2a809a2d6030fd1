using System.Text.Json.Serialization;
using Aspire.Dashboard.Pages;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Security;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Api;

/// <summary>The pages' content as JSON, with the same filters.</summary>
internal static class ApiEndpoints
{
    public static void AddApi(this IServiceCollection services) =>
        // A measurement may be infinite or not a number, which JSON can't say as a number.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals);

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api").On(Listener.Page);
        api.MapGet("/resources", (TelemetryStore store) => store.GetResources().Select(ToApi));
        api.MapGet("/instances", (ResourceBoard board) => board.All);
        api.MapGet("/traces", (TelemetryStore store, HttpRequest request) =>
        {
            var filter = TelemetryFilter.Read(request.Query);
            return store.GetTraces().Where(filter.Matches).Take(filter.Limit).Select(ToApi);
        });
        api.MapGet("/traces/{traceId}", (TelemetryStore store, string traceId) =>
            store.GetTrace(traceId) is var (trace, spans) ? Results.Ok(Detail(store, trace, spans)) : Results.NotFound());
        api.MapGet("/logs", (TelemetryStore store, HttpRequest request) =>
        {
            var filter = TelemetryFilter.Read(request.Query);
            return store.GetLogs().Where(filter.Matches).Take(filter.Limit).Select(ToApi);
        });
        api.MapGet("/metrics", (TelemetryStore store, HttpRequest request) =>
        {
            var filter = TelemetryFilter.Read(request.Query);
            return store.GetMetrics().Where(filter.Matches).Take(filter.Limit).Select(ToApi);
        });
    }

    private static ApiTraceDetail Detail(TelemetryStore store, TraceSummary trace, IReadOnlyList<SpanRecord> spans) => new(
        ToApi(trace),
        [.. SpanTree.Order(spans).Select(ToApi)],
        [.. store.GetLogs().Where(l => l.TraceId == trace.TraceId).Reverse().Select(ToApi)]);

    private static ApiResource ToApi(ResourceSummary r) => new(
        r.Resource.Service, r.Resource.Instance, r.LastSeen, r.SpanCount, r.LogCount, r.MetricCount, r.ErrorCount, Map(r.Attributes));

    private static ApiTrace ToApi(TraceSummary t) => new(
        t.TraceId,
        t.Name,
        t.Resource.Service,
        [.. t.Resources.Select(r => r.Service).Distinct()],
        UnixNanos.ToTime(t.StartNanos),
        t.DurationNanos / 1e6,
        t.SpanCount,
        t.ErrorCount);

    private static ApiSpan ToApi(SpanNode node)
    {
        var s = node.Span;
        return new ApiSpan(
            s.SpanId,
            s.ParentSpanId,
            node.Depth,
            s.Resource.Service,
            s.Name,
            s.Scope,
            s.Kind.ToString(),
            s.Status.ToString(),
            s.StatusMessage,
            UnixNanos.ToTime(s.StartNanos),
            s.DurationNanos / 1e6,
            Map(s.Attributes),
            [.. s.Events.Select(e => new ApiEvent(UnixNanos.ToTime(e.TimeNanos), e.Name, Map(e.Attributes)))],
            [.. s.Links.Select(l => new ApiLink(l.TraceId, l.SpanId, Map(l.Attributes)))]);
    }

    private static ApiLog ToApi(LogEntry l) => new(
        UnixNanos.ToTime(l.TimeNanos), l.Level.ToString(), l.Resource.Service, l.Category, l.Message, l.TraceId, l.SpanId, Map(l.Attributes));

    private static ApiMetric ToApi(MetricPoint m) => new(
        m.Resource.Service, m.Meter, m.Name, m.Unit, m.Kind, UnixNanos.ToTime(m.TimeNanos), m.Value, m.Count, m.Sum, m.Min, m.Max, Map(m.Attributes));

    // A sender may repeat a key against the standard; the last one stands.
    private static Dictionary<string, string> Map(IReadOnlyList<TelemetryAttribute> attributes)
    {
        var map = new Dictionary<string, string>(attributes.Count);
        foreach (var (key, value) in attributes)
        {
            map[key] = value;
        }

        return map;
    }
}
