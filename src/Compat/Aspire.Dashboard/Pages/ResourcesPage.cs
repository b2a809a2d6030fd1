using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>Who has sent telemetry, and how much.</summary>
internal static class ResourcesPage
{
    private static readonly string[] Columns = ["Service", "Instance", "Last seen", "Spans", "Logs", "Metric points", "Errors", ""];

    public static Page Render(TelemetryStore store)
    {
        var resources = store.GetResources();
        var rows = resources.Select(Row).ToArray();
        return new Page("Resources", "/", Markup.Empty, Table.Render(
            "resources", Columns, rows, rows.Length, "Nothing has sent telemetry yet. Point OTEL_EXPORTER_OTLP_ENDPOINT of a service at this dashboard."));
    }

    private static Markup Row(ResourceSummary summary)
    {
        var resource = summary.Resource;
        var query = "?resource=" + Uri.EscapeDataString(resource.Service);
        return Markup.Of($"""
            <tr id="resource-{resource.Service}/{resource.Instance}">
            <td><details id="about-{resource.Service}/{resource.Instance}"><summary>{Display.Resource(resource)}</summary>{Display.Attributes(summary.Attributes)}</details></td>
            <td class="mono faint" title="{resource.Instance}">{(resource.Instance.Length > 13 ? resource.Instance[..13] + "…" : resource.Instance)}</td>
            <td>{Display.Time(summary.LastSeen)}</td>
            <td class="number">{summary.SpanCount:#,0}</td>
            <td class="number">{summary.LogCount:#,0}</td>
            <td class="number">{summary.MetricCount:#,0}</td>
            <td class="number">{Display.Errors(summary.ErrorCount)}</td>
            <td class="links"><a href="/structuredlogs{query}">Logs</a> <a href="/traces{query}">Traces</a> <a href="/metrics{query}">Metrics</a></td>
            </tr>
            """);
    }
}
