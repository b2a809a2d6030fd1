using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>The latest value of every series.</summary>
internal static class MetricsPage
{
    private static readonly string[] Columns = ["Resource", "Instrument", "Attributes", "Latest", "Kind", "Time"];

    public static Page Render(TelemetryStore store, TelemetryFilter filter)
    {
        var matching = store.GetMetrics().Where(filter.Matches).ToArray();
        var form = FilterForm.Render("/metrics", [
            FilterForm.Resource(store.GetResources().Select(r => r.Resource.Service), filter.Resource),
            FilterForm.Text(filter.Text, "Find by instrument or meter"),
        ]);
        var rows = matching.Take(filter.Limit).Select(Row).ToArray();
        return new Page("Metrics", "/metrics", form, Table.Render("metrics", Columns, rows, matching.Length, "No metrics match."));
    }

    private static Markup Row(MetricPoint point) => Markup.Of($"""
        <tr id="metric-{MetricKey.Of(point)}">
        <td>{Display.Resource(point.Resource)}</td>
        <td title="{point.Description}">{point.Name}<br><small class="faint">{point.Meter}</small></td>
        <td class="mono">{string.Join(' ', point.Attributes.Select(a => $"{a.Key}={a.Value}"))}</td>
        <td class="number">{Latest(point)}</td>
        <td class="faint">{point.Kind}</td>
        <td>{Display.Time(point.TimeNanos)}</td>
        </tr>
        """);

    private static Markup Latest(MetricPoint point)
    {
        var unit = point.Unit is "" or "1" ? "" : " " + point.Unit.Trim('{', '}');
        if (point.Value is { } value)
        {
            return Markup.Of($"<b>{Display.Number(value)}</b>{unit}");
        }

        var mean = point is { Sum: { } sum, Count: > 0 and { } count } ? $"mean {Display.Number(sum / count)}{unit}" : "";
        var range = point is { Min: { } min, Max: { } max } ? $", {Display.Number(min)} to {Display.Number(max)}" : "";
        return Markup.Of($"<b>{mean}</b>{range}<br><small class=\"faint\">{Display.Number(point.Count ?? 0)} recorded</small>");
    }
}
