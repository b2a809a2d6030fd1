using Aspire.Dashboard.Charts;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>One instrument over time: charts, quantiles, its series, and the traces that its measurements were taken in.</summary>
internal static class InstrumentPage
{
    private const int MaxSeries = 200;
    private const int MaxExemplars = 50;
    private static readonly string[] SeriesColumns = ["Resource", "Attributes", "Latest", "Time"];
    private static readonly string[] ExemplarColumns = ["Time", "Resource", "Value", "Trace"];

    public static Page Render(TelemetryStore store, MetricQuery query, TimeProvider time)
    {
        var all = store.GetSeries(query.MatchesInstrument);
        var series = all.Where(s => query.MatchesDimensions(s.Latest)).ToArray();
        var back = Markup.Of($"""<a class="back" href="/metrics?resource={Uri.EscapeDataString(query.Filter.Resource)}">All instruments</a>""");
        return new Page(query.Instrument, "/metrics", Markup.Of($"{back}{Form(store, query, all)}"), Live(series, query, time));
    }

    private static Markup Form(TelemetryStore store, MetricQuery query, IReadOnlyList<MetricSeriesSnapshot> all) => FilterForm.Render("/metrics", [
        FilterForm.Hidden("meter", query.Meter),
        FilterForm.Hidden("instrument", query.Instrument),
        FilterForm.Resource(store.GetResources().Select(r => r.Resource.Service), query.Filter.Resource),
        FilterForm.Select("window", "Time", MetricQuery.Windows.Select(m => ($"{m}", $"Last {m} min")), $"{query.WindowMinutes}"),
        .. all.SelectMany(s => s.Latest.Attributes).Distinct().GroupBy(a => a.Key).OrderBy(g => g.Key, StringComparer.Ordinal).Take(12)
            .Select(g => Dimension(g.Key, g, query)),
    ]);

    private static Markup Dimension(string key, IEnumerable<TelemetryAttribute> attributes, MetricQuery query) => FilterForm.Select(
        "dim",
        key,
        attributes.Select(a => (MetricQuery.Dimension(a), a.Value)).Order().Take(200).Prepend(("", $"{key}: all")),
        query.Dimensions.FirstOrDefault(d => d.StartsWith(key + "=", StringComparison.Ordinal)) ?? "");

    private static Markup Live(MetricSeriesSnapshot[] series, MetricQuery query, TimeProvider time)
    {
        if (series.Length == 0)
        {
            return Markup.Of($"""<p class="empty">No series match.</p>""");
        }

        var first = series[0].Latest;
        var window = ChartWindow.Ending(time.GetUtcNow(), query.Window);
        var rows = series.Take(MaxSeries).Select(s => Row(s.Latest)).ToArray();
        return Markup.Of($"""
            <p class="faint">{first.Description} <span class="mono">{first.Meter}</span>, {first.Kind}</p>
            {Quantiles(series, window)}
            <div class="charts">{Markup.Each(MetricCharts.Of(series, window, p => Label(p, series)), ChartMarkup.Render)}</div>
            {Exemplars(series)}
            <h2>Series</h2>
            {Table.Render("series", SeriesColumns, rows, series.Length, "")}
            """);
    }

    private static Markup Quantiles(MetricSeriesSnapshot[] series, ChartWindow window)
    {
        var (bounds, counts) = MetricCharts.Total(series, window);
        if (Quantile.Of(0.5, bounds, counts) is null)
        {
            return Markup.Empty;
        }

        (string Name, double Q)[] shown = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)];
        var unit = series[0].Latest.Unit;
        return Markup.Of($"""
            <ul class="facts">
            {Markup.Each(shown, q => Markup.Of($"<li>{q.Name} <b>{Display.Number(Quantile.Of(q.Q, bounds, counts)!.Value)}</b> {unit}</li>"))}
            <li>{Display.Number(counts.Sum())} measurements in this time</li>
            </ul>
            """);
    }

    /// <summary>Only what tells one series from the others.</summary>
    private static string Label(MetricPoint point, MetricSeriesSnapshot[] series)
    {
        var parts = point.Attributes.Where(a => !series.All(s => s.Latest.Attributes.Contains(a))).Select(a => a.Value).ToList();
        if (series.Any(s => s.Latest.Resource != point.Resource))
        {
            parts.Insert(0, point.Resource.Instance.Length > 0 ? point.Resource.Instance : point.Resource.Service);
        }

        return parts.Count > 0 ? string.Join(", ", parts) : point.Name;
    }

    private static Markup Row(MetricPoint point) => Markup.Of($"""
        <tr id="metric-{MetricKey.Of(point)}">
        <td>{Display.Resource(point.Resource)} <small class="faint">{point.Resource.Instance}</small></td>
        <td class="mono">{string.Join(' ', point.Attributes.Select(MetricQuery.Dimension))}</td>
        <td class="number">{MetricsPage.Latest(point)}</td>
        <td>{Display.Time(point.TimeNanos)}</td>
        </tr>
        """);

    private static Markup Exemplars(MetricSeriesSnapshot[] series)
    {
        var all = series.SelectMany(s => s.Exemplars.Select(e => (s.Latest.Resource, Exemplar: e))).OrderByDescending(e => e.Exemplar.TimeNanos).ToArray();
        return all.Length == 0 ? Markup.Empty : Markup.Of($"""
            <h2>Exemplars</h2>
            {Table.Render("exemplars", ExemplarColumns, [.. all.Take(MaxExemplars).Select(e => Markup.Of($"""
                <tr id="exemplar-{e.Exemplar.TraceId}-{e.Exemplar.SpanId}-{e.Exemplar.TimeNanos.ToString(System.Globalization.CultureInfo.InvariantCulture)}">
                <td>{Display.Time(e.Exemplar.TimeNanos)}</td><td>{Display.Resource(e.Resource)}</td>
                <td class="number">{Display.Number(e.Exemplar.Value)}</td><td>{Display.TraceLink(e.Exemplar.TraceId, e.Exemplar.SpanId)}</td>
                </tr>
                """))], all.Length, "")}
            """);
    }
}
