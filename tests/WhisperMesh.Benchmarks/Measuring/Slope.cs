namespace WhisperMesh.Benchmarks.Measuring;

/// <summary>The line nearest to points (least squares).</summary>
internal static class Slope
{
    /// <summary>How much y grows with each x; NaN for fewer than two points.</summary>
    public static double Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 2)
        {
            return double.NaN;
        }
        var (meanX, meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        return points.Sum(point => (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => (point.X - meanX) * (point.X - meanX));
    }
}
