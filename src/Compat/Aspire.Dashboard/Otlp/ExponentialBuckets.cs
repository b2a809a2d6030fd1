using OpenTelemetry.Proto.Metrics.V1;

namespace Aspire.Dashboard.Otlp;

/// <summary>
/// Pours an exponential histogram into fixed buckets, two to an octave. Its own change whenever the sender lowers the scale, and a chart
/// needs the same ones all along.
/// </summary>
internal static class ExponentialBuckets
{
    private const int Lowest = -40;
    private const int Highest = 60;

    /// <summary>From about 1e-6 to 1e9, after zero.</summary>
    public static double[] Bounds { get; } = [0, .. Enumerable.Range(Lowest, Highest - Lowest + 1).Select(power => Math.Pow(2, power / 2.0))];

    public static ulong[] Read(ExponentialHistogramDataPoint point)
    {
        var buckets = new ulong[Bounds.Length + 1];
        buckets[0] = point.ZeroCount;
        foreach (var count in point.Negative?.BucketCounts ?? [])
        {
            buckets[0] = unchecked(buckets[0] + count);
        }

        var index = point.Positive?.Offset ?? 0L;
        foreach (var count in point.Positive?.BucketCounts ?? [])
        {
            // The middle of the bucket on the scale of logarithms, in half octaves.
            var place = (index + 0.5) * Math.Pow(2, 1 - point.Scale);
            var bucket = (long)Math.Clamp(Math.Ceiling(place) - Lowest + 1, 1, Bounds.Length);
            buckets[bucket] = unchecked(buckets[bucket] + count);
            index++;
        }

        return buckets;
    }
}
