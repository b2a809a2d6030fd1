namespace Aspire.Dashboard.Charts;

/// <summary>Reads quantiles out of buckets.</summary>
internal static class Quantile
{
    /// <summary>
    /// The value below which the share <paramref name="q"/> lies, evenly spread within its bucket; null where there are no values. Beyond the
    /// last bound nothing is known, so it is given itself.
    /// </summary>
    public static double? Of(double q, double[] bounds, double[] counts)
    {
        var total = counts.Sum();
        if (total <= 0 || bounds.Length == 0)
        {
            return null;
        }

        var rank = q * total;
        var below = 0.0;
        for (var i = 0; i < bounds.Length; i++)
        {
            if (counts[i] > 0 && below + counts[i] >= rank)
            {
                var lower = i > 0 ? bounds[i - 1] : Math.Min(0, bounds[0]);
                return lower + ((bounds[i] - lower) * Math.Max(0, rank - below) / counts[i]);
            }

            below += counts[i];
        }

        return bounds[^1];
    }
}
