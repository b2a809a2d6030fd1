using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>One trace as a waterfall, and its logs.</summary>
internal static class TracePage
{
    private const int MaxLogs = 1_000;
    private const int MaxSpans = 1_000;

    public static Page? Render(TelemetryStore store, string traceId)
    {
        if (store.GetTrace(traceId) is not var (trace, spans))
        {
            return null;
        }

        var logs = store.GetLogs().Where(l => l.TraceId == traceId).Reverse().ToArray();
        var logsBySpan = logs.Where(l => l.SpanId.Length > 0).ToLookup(l => l.SpanId);
        return new Page($"{trace.Resource.Service}: {trace.Name}", "/traces", Markup.Of($"""<a class="back" href="/traces">All traces</a>"""), Markup.Of($"""
            {Facts(trace, logs.Length)}
            {Scale(trace)}
            <div class="waterfall" data-keyed>{Markup.Each(SpanTree.Order(spans).Take(MaxSpans), node => SpanRow.Render(node, trace, [.. logsBySpan[node.Span.SpanId]]))}</div>
            {(spans.Count > MaxSpans ? Markup.Of($"""<p class="count">The first {MaxSpans} of {spans.Count} spans.</p>""") : Markup.Empty)}
            <h2 id="logs">Logs of this trace</h2>
            {LogsPage.List([.. logs.Take(MaxLogs)], logs.Length, "This trace has no log records.")}
            """));
    }

    private static Markup Facts(TraceSummary trace, int logCount) => Markup.Of($"""
        <ul class="facts">
        <li>{Display.Time(trace.StartNanos)}</li>
        <li><b>{Display.Duration(trace.DurationNanos)}</b></li>
        <li>{trace.SpanCount} spans{(trace.DroppedSpanCount > 0 ? $", {trace.DroppedSpanCount} more left out" : "")}</li>
        <li>{Display.Errors(trace.ErrorCount)} errors</li>
        <li><a href="#logs">{logCount} log records</a></li>
        <li>{Display.Resources(trace.Resources)}</li>
        <li class="mono faint">{trace.TraceId}</li>
        </ul>
        """);

    private static Markup Scale(TraceSummary trace) => Markup.Of($"""
        <div class="scale" aria-hidden="true"><span></span><ol>{Markup.Each(Enumerable.Range(0, 5), i => Markup.Of(
            $"<li>{Display.Duration((ulong)(trace.DurationNanos * (i / 4.0)))}</li>"))}</ol></div>
        """);
}
