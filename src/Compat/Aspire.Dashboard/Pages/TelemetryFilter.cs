using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>What a visitor narrowed a list down to. The parameters of the page's address and of the API.</summary>
internal sealed class TelemetryFilter
{
    private const int DefaultLimit = 200;
    private const int MaxLimit = 2_000;

    /// <summary>Name of a service, or empty for all.</summary>
    public string Resource { get; private init; } = "";

    /// <summary>Text to be found, whatever its case.</summary>
    public string Text { get; private init; } = "";

    /// <summary>Lowest level shown; null for all.</summary>
    public LogLevel? Level { get; private init; }

    public string TraceId { get; private init; } = "";

    public bool ErrorsOnly { get; private init; }

    /// <summary>Shortest duration of a trace.</summary>
    public int MinMilliseconds { get; private init; }

    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>Reads the query; what can't be read filters nothing.</summary>
    public static TelemetryFilter Read(IQueryCollection query) => new()
    {
        Resource = query["resource"].ToString().Trim(),
        Text = query["q"].ToString().Trim(),
        Level = Enum.TryParse<LogLevel>(query["level"], ignoreCase: true, out var level) && Enum.IsDefined(level) ? level : null,
        TraceId = query["trace"].ToString().Trim(),
        ErrorsOnly = query["errors"].ToString() is "1" or "on" or "true",
        MinMilliseconds = int.TryParse(query["min"], out var least) ? Math.Max(0, least) : 0,
        Limit = int.TryParse(query["limit"], out var limit) ? Math.Clamp(limit, 1, MaxLimit) : DefaultLimit,
    };

    public bool Matches(LogEntry log) =>
        MatchesResource(log.Resource)
        && (Level is not { } level || log.Level >= level)
        && (TraceId.Length == 0 || log.TraceId.StartsWith(TraceId, StringComparison.OrdinalIgnoreCase))
        && (Text.Length == 0 || Contains(log.Message) || Contains(log.Category) || log.Attributes.Any(a => Contains(a.Value)));

    public bool Matches(TraceSummary trace) =>
        (Resource.Length == 0 || trace.Resources.Any(MatchesResource))
        && (!ErrorsOnly || trace.ErrorCount > 0)
        && trace.DurationNanos >= (ulong)MinMilliseconds * 1_000_000UL
        && (Text.Length == 0 || Contains(trace.Name) || trace.TraceId.StartsWith(Text, StringComparison.OrdinalIgnoreCase));

    public bool Matches(MetricPoint point) =>
        MatchesResource(point.Resource) && (Text.Length == 0 || Contains(point.Name) || Contains(point.Meter));

    private bool MatchesResource(TelemetryResource resource) => Resource.Length == 0 || resource.Service == Resource;

    private bool Contains(string text) => text.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
