using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>Structured logs, newest first.</summary>
internal static class LogsPage
{
    private static readonly string[] Columns = ["Time", "Level", "Resource", "Message", "Trace"];

    public static Page Render(TelemetryStore store, TelemetryFilter filter)
    {
        var matching = store.GetLogs().Where(filter.Matches).ToArray();
        var form = FilterForm.Render("/structuredlogs", [
            FilterForm.Resource(store.GetResources().Select(r => r.Resource.Service), filter.Resource),
            FilterForm.Level(filter.Level),
            FilterForm.Text(filter.Text, "Find in messages"),
            Markup.Of($"""<input type="search" name="trace" class="short mono" value="{filter.TraceId}" placeholder="Trace id" aria-label="Trace id">"""),
        ]);
        return new Page("Structured logs", "/structuredlogs", form, Markup.Of($"""
            {TraceNotice(filter.TraceId)}{List([.. matching.Take(filter.Limit)], matching.Length, "No log records match.")}
            """))
        {
            Clear = Signal.Logs,
            Resource = filter.Resource,
        };
    }

    /// <summary>Also shown below a trace.</summary>
    public static Markup List(IReadOnlyList<LogEntry> logs, int total, string whenEmpty) =>
        Table.Render("logs", Columns, [.. logs.Select(Row)], total, whenEmpty);

    private static Markup Row(LogEntry log) => Markup.Of($"""
        <tr id="log-{log.Number}">
        <td>{Display.Time(log.TimeNanos)}</td>
        <td>{Display.Level(log.Level)}</td>
        <td>{Display.Resource(log.Resource)}</td>
        <td class="message"><details id="log-about-{log.Number}"><summary>{log.Message}</summary><p class="faint mono">{log.Category}</p>{Display.Attributes(log.Attributes)}</details></td>
        <td>{Display.TraceLink(log.TraceId, log.SpanId)}</td>
        </tr>
        """);

    private static Markup TraceNotice(string traceId) => traceId.Length == 0
        ? Markup.Empty
        : Markup.Of($"""<p class="notice">Only trace <span class="mono">{traceId}</span>. <a href="/structuredlogs">Show all</a></p>""");
}
