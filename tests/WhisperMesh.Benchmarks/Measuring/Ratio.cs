namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>The median of the ratios of each round, and the interval that holds it with 95 % probability (bootstrap).</summary>
internal sealed record Ratio(double Median, double Low, double High)
{
    private const int Resamples = 2_000;
    private const int Seed = 1;

    /// <summary>Values over baseline, both measured once a round, side by side.</summary>
    public static Ratio Of(IReadOnlyList<double> values, IReadOnlyList<double> baseline)
    {
        double[] ratios = [.. values.Zip(baseline, (value, one) => value / one)];
        var random = new Random(Seed);
        double[] medians =
        [
            .. Enumerable.Range(0, Resamples)
                .Select(_ => Statistics.Median(ratios.Select(_ => ratios[random.Next(ratios.Length)]))),
        ];
        return new Ratio(Statistics.Median(ratios), Statistics.Percentile(medians, 0.025), Statistics.Percentile(medians, 0.975));
    }
}
