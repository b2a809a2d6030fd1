using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>Traces, newest first.</summary>
internal static class TracesPage
{
    private static readonly string[] Columns = ["Started", "Name", "Resources", "Spans", "Errors", "Duration"];
    private static readonly (string, string)[] Durations = [("0", "Any duration"), ("100", "From 100 ms"), ("1000", "From 1 s"), ("10000", "From 10 s")];

    public static Page Render(TelemetryStore store, TelemetryFilter filter)
    {
        var matching = store.GetTraces().Where(filter.Matches).ToArray();
        var shown = matching.Take(filter.Limit).ToArray();
        var longest = shown.Select(t => t.DurationNanos).DefaultIfEmpty().Max();
        var form = FilterForm.Render("/traces", [
            FilterForm.Resource(store.GetResources().Select(r => r.Resource.Service), filter.Resource),
            FilterForm.Text(filter.Text, "Find by name or trace id"),
            FilterForm.Select("min", "Duration", Durations, $"{filter.MinMilliseconds}"),
            FilterForm.Check("errors", "Errors only", filter.ErrorsOnly),
        ]);
        return new Page("Traces", "/traces", form, Table.Render(
            "traces", Columns, [.. shown.Select(t => Row(t, longest))], matching.Length, "No traces match."))
        {
            Clear = Signal.Traces,
            Resource = filter.Resource,
        };
    }

    private static Markup Row(TraceSummary trace, ulong longest) => Markup.Of($"""
        <tr id="trace-{trace.TraceId}">
        <td>{Display.Time(trace.StartNanos)}</td>
        <td><a href="/traces/detail/{trace.TraceId}"><b>{trace.Resource.Service}</b>: {trace.Name}</a> <span class="mono faint">{trace.TraceId[..7]}</span>{Incomplete(trace)}</td>
        <td>{Display.Resources(trace.Resources)}</td>
        <td class="number">{trace.SpanCount + trace.DroppedSpanCount}</td>
        <td class="number">{Display.Errors(trace.ErrorCount)}</td>
        <td class="length"><svg aria-hidden="true"><rect class="c{trace.Resource.Color}" width="{Percent(trace.DurationNanos, longest)}" height="100%" rx="2"/></svg>{Display.Duration(trace.DurationNanos)}</td>
        </tr>
        """);

    private static Markup Incomplete(TraceSummary trace) => trace.HasRoot
        ? Markup.Empty
        : Markup.Of($""" <span class="faint" title="The root span has not been received">(no root yet)</span>""");

    private static Markup Percent(ulong part, ulong whole) => Markup.Of($"{(whole == 0 ? 100 : Math.Max(1, 100.0 * part / whole)):0.##}%");
}
