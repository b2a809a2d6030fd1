using System.Globalization;

namespace WhisperMesh.Tests.Shared.Prometheus;

/// <summary>What each type of metric promises.</summary>
internal static class FamilyRules
{
    /// <summary>Whether a sample of this name may stand in the family.</summary>
    public static bool Has(MetricFamily family, string sample, bool openMetrics) => family.Type switch
    {
        "histogram" => sample == family.Name + "_bucket" || sample == family.Name + "_sum" || sample == family.Name + "_count"
            || (openMetrics && sample == family.Name + "_created"),
        "counter" when openMetrics => sample == family.Name + "_total" || sample == family.Name + "_created",
        "info" => sample == family.Name + "_info",
        _ => sample == family.Name,
    };

    public static void Check(MetricFamily family, bool openMetrics)
    {
        if (family.Samples.Count == 0)
        {
            throw new FormatException($"{family.Name} has no sample.");
        }

        if (family.Unit is { Length: > 0 } unit && !family.Name.EndsWith("_" + unit, StringComparison.Ordinal))
        {
            throw new FormatException($"{family.Name} does not end with its unit, {unit}.");
        }

        switch (family.Type)
        {
            case "counter":
                CheckCounter(family, openMetrics);
                break;
            case "histogram":
                foreach (var series in family.Samples.GroupBy(sample => sample.Series))
                {
                    CheckHistogram(family, [.. series]);
                }

                break;
            default:
                if (family.Samples.Any(sample => sample.Exemplar is not null))
                {
                    throw new FormatException($"{family.Name} is a {family.Type}: it has no exemplars.");
                }

                break;
        }
    }

    private static void CheckCounter(MetricFamily family, bool openMetrics)
    {
        if (!openMetrics && !family.Name.EndsWith("_total", StringComparison.Ordinal))
        {
            throw new FormatException($"{family.Name} is a counter and does not end with _total.");
        }

        if (family.Samples.Any(sample => !(sample.Value >= 0)))
        {
            throw new FormatException($"{family.Name} is a counter and below zero.");
        }
    }

    private static void CheckHistogram(MetricFamily family, IReadOnlyList<MetricSample> series)
    {
        var buckets = series.Where(sample => sample.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
        var bounds = buckets.ConvertAll(bucket => Bound(family, bucket));
        if (bounds.Count == 0 || !double.IsPositiveInfinity(bounds[^1]) || bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new FormatException($"{family.Name}: bounds do not rise to +Inf.");
        }

        if (buckets.Zip(buckets.Skip(1)).Any(pair => pair.First.Value > pair.Second.Value))
        {
            throw new FormatException($"{family.Name}: counts fall from a bucket to the next.");
        }

        var count = series.Single(sample => sample.Name == family.Name + "_count").Value;
        if (buckets[^1].Value != count || series.Count(sample => sample.Name == family.Name + "_sum") != 1)
        {
            throw new FormatException($"{family.Name}: the last bucket has {buckets[^1].Value}, not {count}, or the sum is missing.");
        }

        foreach (var (bucket, index) in buckets.Select((bucket, index) => (bucket, index)))
        {
            if (bucket.Exemplar is { } exemplar && (exemplar.Value > bounds[index] || (index > 0 && exemplar.Value <= bounds[index - 1])))
            {
                throw new FormatException($"{family.Name}: the exemplar {exemplar.Value} is not of the bucket up to {bounds[index]}.");
            }
        }
    }

    private static double Bound(MetricFamily family, MetricSample bucket) =>
        bucket.Labels.TryGetValue("le", out var text)
            ? text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture)
            : throw new FormatException($"{family.Name}: a bucket has no bound.");
}
