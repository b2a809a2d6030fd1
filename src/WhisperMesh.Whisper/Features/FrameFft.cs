using System.Numerics;

namespace WhisperMesh.Whisper.Features;

/// <summary>
/// Power spectra of several real frames of 400 samples at once: one frame a SIMD lane, so every butterfly is a plain vector
/// operation. The 400 real points are folded to 200 complex ones, transformed by mixed radix (5·5·4·2), and unfolded.
/// Not thread-safe: it owns its work space.
/// </summary>
internal sealed class FrameFft
{
    public const int Size = 400;
    public const int Bins = Size / 2 + 1;

    private const int Half = Size / 2;
    private static readonly int[] Radices = [5, 5, 4, 2];

    // e^(-2πi k/400), enough for both the half-size transform (every second one) and the unfolding.
    private static readonly float[] Cos = Table(Math.Cos);
    private static readonly float[] Sin = Table(angle => -Math.Sin(angle));

    private Vector<float>[] _re = new Vector<float>[Half];
    private Vector<float>[] _im = new Vector<float>[Half];
    private Vector<float>[] _nextRe = new Vector<float>[Half];
    private Vector<float>[] _nextIm = new Vector<float>[Half];

    /// <summary>Frames done by one call.</summary>
    public static int Lanes => Vector<float>.Count;

    /// <summary>Sample i of all frames at <paramref name="samples"/>[i]; the power of bin k of all frames to <paramref name="power"/>[k].</summary>
    public void Power(ReadOnlySpan<Vector<float>> samples, Span<Vector<float>> power)
    {
        for (var i = 0; i < Half; i++)
        {
            _re[i] = samples[2 * i];
            _im[i] = samples[2 * i + 1];
        }
        var done = 1;
        foreach (var radix in Radices)
        {
            Pass(radix, done);
            done *= radix;
            (_re, _nextRe) = (_nextRe, _re);
            (_im, _nextIm) = (_nextIm, _im);
        }
        Unfold(power);
    }

    /// <summary>One Stockham pass: sub-transforms of length <paramref name="done"/> become sub-transforms radix times as long, in order.</summary>
    private void Pass(int radix, int done)
    {
        var groups = Half / (done * radix);
        Span<Vector<float>> re = stackalloc Vector<float>[5];
        Span<Vector<float>> im = stackalloc Vector<float>[5];
        for (var group = 0; group < groups; group++)
        {
            for (var k = 0; k < done; k++)
            {
                for (var r = 0; r < radix; r++)
                {
                    var from = (r * groups + group) * done + k;
                    var turn = 2 * r * k * groups % Size;
                    var (c, s) = (Cos[turn], Sin[turn]);
                    re[r] = _re[from] * c - _im[from] * s;
                    im[r] = _re[from] * s + _im[from] * c;
                }
                var to = group * radix * done + k;
                Butterfly(radix, re, im, to, done);
            }
        }
    }

    private void Butterfly(int radix, ReadOnlySpan<Vector<float>> re, ReadOnlySpan<Vector<float>> im, int to, int stride)
    {
        for (var q = 0; q < radix; q++)
        {
            var sumRe = re[0];
            var sumIm = im[0];
            for (var r = 1; r < radix; r++)
            {
                var turn = q * r % radix * (Size / radix);
                var (c, s) = (Cos[turn], Sin[turn]);
                sumRe += re[r] * c - im[r] * s;
                sumIm += re[r] * s + im[r] * c;
            }
            _nextRe[to + q * stride] = sumRe;
            _nextIm[to + q * stride] = sumIm;
        }
    }

    private void Unfold(Span<Vector<float>> power)
    {
        for (var k = 0; k < Bins; k++)
        {
            var (a, b) = (k % Half, (Half - k) % Half);
            var evenRe = (_re[a] + _re[b]) * 0.5f;
            var evenIm = (_im[a] - _im[b]) * 0.5f;
            var oddRe = (_im[a] + _im[b]) * 0.5f;
            var oddIm = (_re[b] - _re[a]) * 0.5f;
            var (c, s) = (Cos[k], Sin[k]);
            var re = evenRe + oddRe * c - oddIm * s;
            var im = evenIm + oddRe * s + oddIm * c;
            power[k] = re * re + im * im;
        }
    }

    private static float[] Table(Func<double, double> function)
    {
        var table = new float[Size];
        for (var i = 0; i < Size; i++)
        {
            table[i] = (float)function(2 * Math.PI * i / Size);
        }
        return table;
    }
}
