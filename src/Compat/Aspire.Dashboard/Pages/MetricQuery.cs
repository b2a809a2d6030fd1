using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Pages;

/// <summary>Which instrument a visitor looks at, how far back, and with which attributes.</summary>
internal sealed class MetricQuery
{
    private static readonly int[] Minutes = [1, 5, 20];

    public required TelemetryFilter Filter { get; init; }

    /// <summary>Empty where none is chosen.</summary>
    public string Meter { get; private init; } = "";

    public string Instrument { get; private init; } = "";

    public int WindowMinutes { get; private init; } = 5;

    /// <summary>Attributes that a series must have, each as key=value.</summary>
    public IReadOnlyList<string> Dimensions { get; private init; } = [];

    public TimeSpan Window => TimeSpan.FromMinutes(WindowMinutes);

    public static IReadOnlyList<int> Windows => Minutes;

    public static MetricQuery Read(IQueryCollection query) => new()
    {
        Filter = TelemetryFilter.Read(query),
        Meter = query["meter"].ToString(),
        Instrument = query["instrument"].ToString(),
        WindowMinutes = int.TryParse(query["window"], out var minutes) && Minutes.Contains(minutes) ? minutes : 5,
        Dimensions = [.. query["dim"].OfType<string>().Where(d => d.Length > 0).Take(32)],
    };

    /// <summary>True for the instrument's points, whatever their attributes are.</summary>
    public bool MatchesInstrument(MetricPoint point) => point.Name == Instrument
        && (Meter.Length == 0 || point.Meter == Meter)
        && (Filter.Resource.Length == 0 || point.Resource.Service == Filter.Resource);

    public bool MatchesDimensions(MetricPoint point) => Dimensions.All(wanted => point.Attributes.Any(a => Dimension(a) == wanted));

    public static string Dimension(TelemetryAttribute attribute) => $"{attribute.Key}={attribute.Value}";

    /// <summary>The address of an instrument's charts.</summary>
    public static string AddressOf(MetricPoint point, string resource) =>
        $"/metrics?resource={Uri.EscapeDataString(resource)}&meter={Uri.EscapeDataString(point.Meter)}&instrument={Uri.EscapeDataString(point.Name)}";
}
