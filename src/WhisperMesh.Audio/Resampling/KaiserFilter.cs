namespace WhisperMesh.Audio.Resampling;

/// <summary>A low-pass filter: a sinc cut to finite length by a Kaiser window.</summary>
internal sealed class KaiserFilter
{
    // 90 dB of stop band leaves 10 dB to spare under the -80 dB that is promised; Beta is Kaiser's formula for it.
    private const double StopBandDb = 90;
    private const double Beta = 0.1102 * (StopBandDb - 8.7);

    // Flat to 0.9 of the lower Nyquist rate and closed at it: the edge lies between.
    private const double Edge = 0.95;
    private const double TransitionWidth = 0.1;

    private readonly double _cutoff;

    /// <summary>Designs the filter; times and lengths are in input samples.</summary>
    /// <param name="inputRateHz">Rate of the samples that are filtered.</param>
    /// <param name="lowerRateHz">The lower one of the input's and the output's rate.</param>
    public KaiserFilter(int inputRateHz, int lowerRateHz)
    {
        var ratio = (double)lowerRateHz / inputRateHz;
        _cutoff = Edge * ratio;
        var transition = Math.PI * TransitionWidth * ratio;
        HalfLength = (int)Math.Ceiling((StopBandDb - 7.95) / (2.285 * transition) / 2);
    }

    /// <summary>Input samples on each side that bear on one output sample.</summary>
    public int HalfLength { get; }

    /// <summary>The filter's value at a distance from its centre.</summary>
    public double At(double distance)
    {
        var position = distance / HalfLength;
        if (Math.Abs(position) >= 1)
        {
            return 0;
        }

        var angle = Math.PI * _cutoff * distance;
        var sinc = Math.Abs(angle) < 1e-9 ? 1 : Math.Sin(angle) / angle;
        return _cutoff * sinc * Bessel(Beta * Math.Sqrt(1 - (position * position))) / Bessel(Beta);
    }

    // The modified Bessel function of the first kind, order zero, by its power series.
    private static double Bessel(double x)
    {
        var quarter = x * x / 4;
        double sum = 1;
        double term = 1;
        for (var k = 1; term > sum * 1e-12; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }

        return sum;
    }
}
