using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>The instruments; a chosen one is shown by <see cref="InstrumentPage"/>.</summary>
internal static class MetricsPage
{
    private static readonly string[] Columns = ["Instrument", "Resources", "Kind", "Series", "Latest", "Time"];

    public static Page Render(TelemetryStore store, MetricQuery query, TimeProvider time)
    {
        if (query.Instrument.Length > 0)
        {
            return InstrumentPage.Render(store, query, time);
        }

        var filter = query.Filter;
        var instruments = store.GetMetrics().Where(filter.Matches).GroupBy(p => (p.Meter, p.Name)).ToArray();
        var form = FilterForm.Render("/metrics", [
            FilterForm.Resource(store.GetResources().Select(r => r.Resource.Service), filter.Resource),
            FilterForm.Text(filter.Text, "Find by instrument or meter"),
        ]);
        var rows = instruments.Take(filter.Limit).Select(points => Row([.. points], filter.Resource)).ToArray();
        return new Page("Metrics", "/metrics", form, Table.Render("metrics", Columns, rows, instruments.Length, "No metrics match."))
        {
            Clear = Signal.Metrics,
            Resource = filter.Resource,
        };
    }

    private static Markup Row(MetricPoint[] points, string resource)
    {
        var latest = points.MaxBy(p => p.TimeNanos)!;
        return Markup.Of($"""
            <tr id="instrument-{latest.Meter}/{latest.Name}">
            <td><a href="{MetricQuery.AddressOf(latest, resource)}" title="{latest.Description}">{latest.Name}</a><br><small class="faint">{latest.Meter}</small></td>
            <td>{Display.Resources(points.Select(p => p.Resource).Distinct())}</td>
            <td class="faint">{latest.Kind}</td>
            <td class="number">{points.Length}</td>
            <td class="number">{Latest(latest)}</td>
            <td>{Display.Time(latest.TimeNanos)}</td>
            </tr>
            """);
    }

    /// <summary>The latest value in words; also shown for each series of an instrument.</summary>
    public static Markup Latest(MetricPoint point)
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
