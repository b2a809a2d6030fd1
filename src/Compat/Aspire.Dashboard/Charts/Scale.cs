namespace Aspire.Dashboard.Charts;

/// <summary>An axis with round numbers that holds all values.</summary>
internal readonly record struct Scale(double Low, double High, double Step)
{
    private const int Steps = 4;

    public static Scale Of(IEnumerable<double> values)
    {
        var (low, high) = (0.0, 0.0);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        // A range beyond what a double can hold is only a hostile sender's.
        var range = high - low;
        if (range <= 0 || !double.IsFinite(range))
        {
            range = 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(range / Steps)));
        var step = power * (range / Steps / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var bottom = Math.Floor(low / step) * step;
        var scale = new Scale(bottom, Math.Max(Math.Ceiling(high / step) * step, bottom + step), step);
        return step > 0 && double.IsFinite(scale.High - scale.Low) ? scale : new Scale(0, 1, 0.25);
    }

    public IEnumerable<double> Ticks()
    {
        var (low, step) = (Low, Step);
        return Enumerable.Range(0, 1 + (int)Math.Clamp(Math.Round((High - low) / step), 1, 2 * Steps)).Select(i => low + (i * step));
    }

    /// <summary>0 at the low end, 1 at the high end.</summary>
    public double Of(double value) => Math.Clamp((value - Low) / (High - Low), 0, 1);
}
