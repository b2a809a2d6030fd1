using System.Globalization;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>How values look on every page.</summary>
internal static class Display
{
    public static string Duration(ulong nanos) => nanos switch
    {
        0 => "0",
        < 1_000 => $"{nanos} ns",
        < 1_000_000 => Scaled(nanos / 1e3, "µs"),
        < 1_000_000_000 => Scaled(nanos / 1e6, "ms"),
        < 60_000_000_000 => Scaled(nanos / 1e9, "s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanos / 60_000_000_000} min {nanos / 1_000_000_000 % 60} s"),
    };

    public static string Number(double value) =>
        value.ToString(Math.Abs(value) is >= 1e9 or (> 0 and < 1e-4) ? "0.###e0" : "#,0.####", CultureInfo.InvariantCulture);

    /// <summary>The script turns it into local time; without script it is UTC.</summary>
    public static Markup Time(ulong nanos) => Time(UnixNanos.ToTime(nanos));

    public static Markup Time(DateTimeOffset time) => Markup.Of(
        $"""<time datetime="{Utc(time, "O")}">{Utc(time, "HH:mm:ss.fff")}</time>""");

    /// <summary>A time on an axis.</summary>
    public static Markup Clock(DateTimeOffset time) => Markup.Of(
        $"""<time datetime="{Utc(time, "O")}" data-clock>{Utc(time, "HH:mm:ss")}</time>""");

    public static Markup SignalLinks(string service)
    {
        var query = "?resource=" + Uri.EscapeDataString(service);
        return Markup.Of($"""<a href="/structuredlogs{query}">Logs</a> <a href="/traces{query}">Traces</a> <a href="/metrics{query}">Metrics</a>""");
    }

    public static Markup Resource(TelemetryResource resource) => Markup.Of(
        $"""<span class="resource" title="{resource.Instance}"><i class="dot c{resource.Color}"></i>{resource.Service}</span>""");

    public static Markup Resources(IEnumerable<TelemetryResource> resources) => Markup.Each(
        resources.GroupBy(r => r.Service), service => Markup.Of($"{Resource(service.First())}{(service.Count() > 1 ? $" ×{service.Count()}" : "")} "));

    public static Markup Level(LogLevel level) => Markup.Of($"""<span class="level {LevelClass(level)}">{level.ToString()}</span>""");

    public static Markup Errors(long count) => count == 0 ? Markup.Of($"""<span class="faint">0</span>""") : Markup.Of($"""<b class="bad">{count:#,0}</b>""");

    public static Markup Attributes(IReadOnlyList<TelemetryAttribute> attributes) => attributes.Count == 0
        ? Markup.Empty
        : Markup.Of($"""<dl class="attributes">{Markup.Each(attributes, a => Markup.Of($"<dt>{a.Key}</dt><dd>{a.Value}</dd>"))}</dl>""");

    public static Markup TraceLink(string traceId, string spanId = "") => traceId.Length == 0
        ? Markup.Empty
        : Markup.Of($"""<a class="mono" href="/traces/detail/{traceId}{(spanId.Length > 0 ? "#span-" + spanId : "")}" title="{traceId}">{traceId[..7]}</a>""");

    private static string Utc(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static string LevelClass(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "faint",
        LogLevel.Warning => "warn",
        LogLevel.Error or LogLevel.Critical => "bad",
        _ => "plain",
    };

    private static string Scaled(double value, string unit)
    {
        var format = value < 10 ? "0.##" : value < 100 ? "0.#" : "0";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }
}
