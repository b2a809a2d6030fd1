using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>One bar of the waterfall; opened, all that is known of the span.</summary>
internal static class SpanRow
{
    private const int DeepestIndent = 16;

    public static Markup Render(SpanNode node, TraceSummary trace, IReadOnlyList<LogEntry> logs)
    {
        var span = node.Span;
        return Markup.Of($"""
            <details class="span{(span.IsError ? " failed" : "")}" id="span-{span.SpanId}">
            <summary>
            <span class="label i{Math.Min(node.Depth, DeepestIndent)}"><i class="dot c{span.Resource.Color}"></i>{ErrorMark(span)}<b>{span.Resource.Service}</b> <span>{span.Name}</span></span>
            {Bar(span, trace, logs)}
            </summary>
            <div class="about">
            <dl class="attributes">{Facts(node, trace)}</dl>
            {Section("Attributes", span.Attributes.Count, Display.Attributes(span.Attributes))}
            {Section("Events", span.Events.Count, Markup.Each(span.Events, e => Event(e, span)))}
            {Section("Links", span.Links.Count, Markup.Each(span.Links, Link))}
            {Section("Logs", logs.Count, Markup.Each(logs, l => Log(l, span)))}
            </div>
            </details>
            """);
    }

    // SVG attributes place the bar: the page's policy allows no inline styles, and this needs no script.
    private static Markup Bar(SpanRecord span, TraceSummary trace, IReadOnlyList<LogEntry> logs)
    {
        var start = Percent(span.StartNanos, trace);
        var end = Percent(span.EndNanos, trace);
        var width = Math.Max(0.25, end - start);
        var x = Math.Min(start, 100 - width);
        return Markup.Of($"""
            <svg class="bar" role="img" aria-label="{Display.Duration(span.DurationNanos)}"><rect class="c{span.Resource.Color}" x="{x:0.###}%" y="6" width="{width:0.###}%" height="14" rx="2"/>{Markup.Each(
                logs.Where(l => l.TimeNanos >= span.StartNanos && l.TimeNanos <= span.EndNanos).Take(100),
                l => Markup.Of($"""<circle class="{(l.IsError ? "bad" : "tick")}" cx="{Percent(l.TimeNanos, trace):0.###}%" cy="13" r="3"/>"""))}{Label(span, x, end)}</svg>
            """);
    }

    // Right of the bar, else left of it, else in it: wherever there is room.
    private static Markup Label(SpanRecord span, double start, double end)
    {
        var duration = Display.Duration(span.DurationNanos);
        return end <= 88 ? Markup.Of($"""<text x="{end:0.###}%" y="17" dx="8">{duration}</text>""")
            : start >= 12 ? Markup.Of($"""<text x="{start:0.###}%" y="17" dx="-8" text-anchor="end">{duration}</text>""")
            : Markup.Of($"""<text class="inside" x="{start:0.###}%" y="17" dx="8">{duration}</text>""");
    }

    private static double Percent(ulong nanos, TraceSummary trace) =>
        trace.DurationNanos == 0 ? 0 : 100.0 * (nanos - trace.StartNanos) / trace.DurationNanos;

    private static Markup ErrorMark(SpanRecord span) => span.IsError ? Markup.Of($"""<b class="bad" title="Error">! </b>""") : Markup.Empty;

    private static Markup Facts(SpanNode node, TraceSummary trace)
    {
        var span = node.Span;
        (string Name, string Value)[] facts =
        [
            ("Resource", $"{span.Resource.Service} {span.Resource.Instance}"),
            ("Kind", span.Kind.ToString()),
            ("Source", span.Scope),
            ("Starts after", Display.Duration(span.StartNanos - trace.StartNanos)),
            ("Duration", Display.Duration(span.DurationNanos)),
            ("Status", span.StatusMessage.Length > 0 ? $"{span.Status}: {span.StatusMessage}" : span.Status.ToString()),
            ("Span", span.SpanId),
            ("Parent", node.ParentIsMissing ? $"{span.ParentSpanId} (not received)" : span.ParentSpanId),
        ];
        return Markup.Each(facts.Where(f => f.Value.Length > 0), f => Markup.Of($"<dt>{f.Name}</dt><dd>{f.Value}</dd>"));
    }

    private static Markup Section(string title, int count, Markup content) =>
        count == 0 ? Markup.Empty : Markup.Of($"<h3>{title}</h3>{content}");

    private static Markup Event(SpanEvent e, SpanRecord span) => Markup.Of(
        $"""<p><span class="mono faint">{After(e.TimeNanos, span)}</span> {e.Name}</p>{Display.Attributes(e.Attributes)}""");

    private static Markup Link(SpanLink link) => Markup.Of($"<p>{Display.TraceLink(link.TraceId, link.SpanId)}</p>{Display.Attributes(link.Attributes)}");

    private static Markup Log(LogEntry log, SpanRecord span) => Markup.Of(
        $"""<p><span class="mono faint">{After(log.TimeNanos, span)}</span> {Display.Level(log.Level)} {log.Message}</p>""");

    private static string After(ulong nanos, SpanRecord span) => nanos >= span.StartNanos ? "+" + Display.Duration(nanos - span.StartNanos) : "before";
}
