using System.Numerics.Tensors;

namespace WhisperMesh.Audio.Resampling;

/// <summary>
/// The filter's coefficients for each place that an output sample can have between two input samples. Where the ratio of the
/// rates has few such places each has its own row; else rows are close enough that a straight line between two neighbours is
/// exact to -100 dB, and memory stays bounded for any pair of rates.
/// </summary>
internal sealed class PhaseBank
{
    private const int MaxCoefficients = 131_072;
    private const int InterpolatedPhases = 256;

    private readonly float[] _rows;
    private readonly int _phases;
    private readonly bool _exact;
    private readonly int _denominator;

    /// <param name="filter">The filter to lay out.</param>
    /// <param name="denominator">Places lie at multiples of one input sample divided by this.</param>
    /// <param name="ratio">Lower rate by input rate: a longer filter bends less, and needs fewer rows.</param>
    public PhaseBank(KaiserFilter filter, int denominator, double ratio)
    {
        _denominator = denominator;
        Taps = 2 * filter.HalfLength;
        _exact = (long)denominator * Taps <= MaxCoefficients;
        _phases = _exact ? denominator : Math.Max(16, (int)Math.Ceiling(InterpolatedPhases * ratio));
        var rows = _exact ? _phases : _phases + 1;
        _rows = new float[rows * Taps];
        for (var row = 0; row < rows; row++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                // Tap 0 is the oldest sample of the window, HalfLength - 1 before the one at or left of the place.
                _rows[(row * Taps) + tap] = (float)filter.At(tap - (filter.HalfLength - 1) - ((double)row / _phases));
            }
        }
    }

    /// <summary>Input samples that one output sample is made of.</summary>
    public int Taps { get; }

    /// <summary>One output sample, from the window of input around it, at place <paramref name="numerator"/> / denominator.</summary>
    public float Apply(ReadOnlySpan<float> window, int numerator)
    {
        if (_exact)
        {
            return TensorPrimitives.Dot(window, Row(numerator));
        }

        var place = (double)numerator / _denominator * _phases;
        var row = (int)place;
        var share = (float)(place - row);
        return (TensorPrimitives.Dot(window, Row(row)) * (1 - share)) + (TensorPrimitives.Dot(window, Row(row + 1)) * share);
    }

    private ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row * Taps, Taps);
}
