using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Metrics;

/// <summary>
/// Bounds of histograms, by unit and name. OpenTelemetry's own begin at 5 and end at 10,000, made for milliseconds: with seconds nearly
/// all would fall into the first.
/// </summary>
internal static class HistogramBuckets
{
    // From a queue that is passed at once to a file of hours.
    private static readonly double[] Seconds =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 2, 3.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

    // Processing time over audio time: 1 is where live speech can't be kept up with.
    private static readonly double[] Ratios = [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5, 10];

    private static readonly double[] Counts = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256, 512, 1024, 4096];

    public static MetricStreamConfiguration? For(Instrument instrument) =>
        IsHistogram(instrument) && BoundsOf(instrument) is { } bounds
            ? new ExplicitBucketHistogramConfiguration { Boundaries = bounds }
            : null;

    private static double[]? BoundsOf(Instrument instrument)
    {
        if (!instrument.Meter.Name.StartsWith("WhisperMesh.", StringComparison.Ordinal))
        {
            // Uploads and streams take longer than the ten seconds at which .NET's own bounds end. The others know their values.
            return instrument.Name is "http.server.request.duration" or "http.client.request.duration" ? Seconds : null;
        }

        return instrument.Unit switch
        {
            "s" => Seconds,
            "1" => Ratios,
            ['{', .., '}'] => Counts,
            _ => null,
        };
    }

    private static bool IsHistogram(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Histogram<>);
}
