using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>What the AppHost runs, and who else has sent telemetry.</summary>
internal static class ResourcesPage
{
    private static readonly string[] ManagedColumns = ["Resource", "State", "Endpoints", "Started", "Restarts", "Errors", "See", "Do"];
    private static readonly string[] SenderColumns = ["Service", "Instance", "Last seen", "Spans", "Logs", "Metric points", "Errors", "See"];

    public static Page Render(TelemetryStore store, ResourceBoard board, bool hasAppHost)
    {
        var managed = board.All;
        var senders = store.GetResources();
        var others = senders.Where(s => !managed.Any(m => IsOf(s, m.Name, m.Id))).ToArray();
        return new Page("Resources", "/", Markup.Empty, Markup.Of($"""
            {(hasAppHost && !board.IsConnected ? Markup.Of($"""<p class="notice bad">The AppHost does not answer; this is what it said last.</p>""") : Markup.Empty)}
            {(hasAppHost ? Table.Render("managed", ManagedColumns, [.. managed.Select(m => ManagedRow.Render(m, [.. senders.Where(s => IsOf(s, m.Name, m.Id))]))], managed.Count, "The AppHost has not told of its resources yet.") : Markup.Empty)}
            {(hasAppHost && others.Length > 0 ? Markup.Of($"<h2>Other senders</h2>") : Markup.Empty)}
            {(hasAppHost && others.Length == 0 ? Markup.Empty : Table.Render("resources", SenderColumns, [.. others.Select(Row)], others.Length, "Nothing has sent telemetry yet. Point OTEL_EXPORTER_OTLP_ENDPOINT of a service at this dashboard."))}
            """));
    }

    private static bool IsOf(ResourceSummary sender, string name, string id) =>
        sender.Resource.Service == name && (sender.Resource.Instance == id || sender.Resource.Instance.Length == 0);

    private static Markup Row(ResourceSummary summary)
    {
        var resource = summary.Resource;
        return Markup.Of($"""
            <tr id="resource-{resource.Service}/{resource.Instance}">
            <td><details id="about-{resource.Service}/{resource.Instance}"><summary>{Display.Resource(resource)}</summary>{Display.Attributes(summary.Attributes)}</details></td>
            <td class="mono faint" title="{resource.Instance}">{(resource.Instance.Length > 13 ? resource.Instance[..13] + "…" : resource.Instance)}</td>
            <td>{Display.Time(summary.LastSeen)}</td>
            <td class="number">{summary.SpanCount:#,0}</td>
            <td class="number">{summary.LogCount:#,0}</td>
            <td class="number">{summary.MetricCount:#,0}</td>
            <td class="number">{Display.Errors(summary.ErrorCount)}</td>
            <td class="links">{Display.SignalLinks(resource.Service)}</td>
            </tr>
            """);
    }
}
