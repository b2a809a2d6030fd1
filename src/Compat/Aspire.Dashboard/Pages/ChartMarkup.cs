using System.Globalization;
using System.Text;
using Aspire.Dashboard.Charts;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>
/// A chart as SVG between plain text for the axes. The picture stretches to the width that there is; its strokes and the text do not. All
/// that it shows stands in the table below it, too.
/// </summary>
internal static class ChartMarkup
{
    private const double Width = 1000;
    private const double Height = 200;
    private const int TableRows = 60;

    // Senders report once a minute at most by habit; a longer pause is a gap.
    private const long LongestPause = 15;

    public static Markup Render(Chart chart)
    {
        var scale = Scale.Of(chart.Lines.SelectMany(line => line.Points).Select(p => p.Value));
        return Markup.Of($"""
            <figure class="chart">
            <figcaption><h2>{chart.Title}</h2> <span class="faint">{chart.Unit}</span></figcaption>
            {(chart.Lines.Count == 0 ? Markup.Of($"""<p class="empty">Nothing was measured in this time.</p>""") : Plot(chart, scale))}
            </figure>
            """);
    }

    private static Markup Plot(Chart chart, Scale scale) => Markup.Of($"""
        <div class="plot">
        <ol class="values" aria-hidden="true">{Markup.Each(scale.Ticks().Reverse(), tick => Markup.Of($"<li>{Display.Number(tick)}</li>"))}</ol>
        <svg viewBox="0 0 {Width:0} {Height:0}" preserveAspectRatio="none" role="img" aria-label="{Describe(chart)}">
        {Markup.Each(scale.Ticks(), tick => Grid(scale.Of(tick)))}
        {Markup.Each(chart.Lines, line => Line(line, chart, scale))}
        {Markup.Each(chart.Marks, mark => Mark(mark, chart, scale))}
        </svg>
        <ol class="times" aria-hidden="true">{Markup.Each(Enumerable.Range(0, 5), i => Markup.Of($"<li>{Display.Clock(TimeOf(chart.FromSlot + ((chart.ToSlot + 1 - chart.FromSlot) * i / 4)))}</li>"))}</ol>
        </div>
        <ul class="legend">{Markup.Each(chart.Lines, line => Markup.Of($"""<li><i class="dot c{line.Color}"></i>{line.Label} <b>{Display.Number(line.Points[^1].Value)}</b></li>"""))}{Omitted(chart)}</ul>
        {Values(chart)}
        """);

    private static Markup Omitted(Chart chart) => chart.OmittedLines == 0
        ? Markup.Empty
        : Markup.Of($"""<li class="faint">{chart.OmittedLines} smaller ones are left out; choose by attribute.</li>""");

    private static Markup Grid(double at) => Markup.Of($"""<path class="grid" d="M0 {Y(at):0.##}H{Width:0}"/>""");

    private static Markup Line(ChartLine line, Chart chart, Scale scale)
    {
        var path = new StringBuilder();
        var before = long.MinValue / 2;
        foreach (var point in line.Points)
        {
            var isNew = point.Slot - before > LongestPause;
            path.Append(CultureInfo.InvariantCulture, $"{(isNew ? 'M' : 'L')}{X(point.Slot + 1, chart):0.##} {Y(scale.Of(point.Value)):0.##}");

            // A point by itself shows as a dot, which a stroke of no length with round ends is.
            path.Append(isNew ? "h0" : "");
            before = point.Slot;
        }

        return Markup.Of($"""<path class="line c{line.Color}" d="{path.ToString()}"><title>{line.Label}</title></path>""");
    }

    private static Markup Mark(ChartMark mark, Chart chart, Scale scale) => Markup.Of($"""
        <a href="/traces/detail/{mark.TraceId}{(mark.SpanId.Length > 0 ? "#span-" + mark.SpanId : "")}" tabindex="-1" aria-hidden="true"><path class="mark" d="M{X(mark.Slot, chart):0.##} {Y(scale.Of(mark.Value)):0.##}h0"><title>{Display.Number(mark.Value)} {chart.Unit}, trace {mark.TraceId}</title></path></a>
        """);

    private static Markup Values(Chart chart)
    {
        var slots = chart.Lines.SelectMany(line => line.Points).Select(p => p.Slot).Distinct().OrderDescending().Take(TableRows).ToArray();
        var bySlot = chart.Lines.Select(line => line.Points.ToDictionary(p => p.Slot, p => Display.Number(p.Value))).ToArray();
        return Markup.Of($"""
            <details id="values-{chart.Title}"><summary>As a table</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="{chart.Title} as a table"><table>
            <thead><tr><th scope="col">Time</th>{Markup.Each(chart.Lines, line => Markup.Of($"""<th scope="col" class="number">{line.Label}</th>"""))}</tr></thead>
            <tbody>{Markup.Each(slots, slot => Markup.Of($"""<tr><td>{Display.Clock(TimeOf(slot + 1))}</td>{Markup.Each(bySlot, values => Markup.Of($"""<td class="number">{values.GetValueOrDefault(slot, "")}</td>"""))}</tr>"""))}</tbody>
            </table></div></details>
            """);
    }

    private static string Describe(Chart chart) =>
        $"{chart.Title} over time. Latest: {string.Join(", ", chart.Lines.Select(line => $"{line.Label} {Display.Number(line.Points[^1].Value)}"))} {chart.Unit}";

    private static double X(double slot, Chart chart) => Math.Clamp(Width * (slot - chart.FromSlot) / (chart.ToSlot + 1 - chart.FromSlot), 0, Width);

    private static double Y(double share) => Height * (1 - share);

    private static DateTimeOffset TimeOf(long slot) => DateTimeOffset.UnixEpoch + (slot * MetricSeries.SlotTime);
}
