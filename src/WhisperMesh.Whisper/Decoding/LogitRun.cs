using System.Numerics.Tensors;

namespace WhisperMesh.Whisper.Decoding;

/// <summary>
/// The logits of consecutive tokens, with the peak of each block of them: one pass finds the peaks, and all that follow look only at
/// blocks that can matter.
/// </summary>
internal readonly ref struct LogitRun
{
    private const int BlockSize = 512;

    // What is this much less likely than the best adds, for all the vocabulary together, less than a millionth.
    private const float Negligible = -25;

    private readonly int _first;
    private readonly ReadOnlySpan<float> _values;
    private readonly ReadOnlySpan<float> _peaks;

    /// <param name="first">Token of the first logit.</param>
    /// <param name="values">One for each token.</param>
    /// <param name="peaks">Memory for the peaks, see <see cref="PeaksFor"/>.</param>
    public LogitRun(int first, ReadOnlySpan<float> values, Span<float> peaks)
    {
        _first = first;
        _values = values;
        var blocks = PeaksFor(values.Length);
        for (var block = 0; block < blocks; block++)
        {
            peaks[block] = TensorPrimitives.Max(Block(block));
        }
        _peaks = peaks[..blocks];
        Peak = blocks == 0 ? float.NegativeInfinity : TensorPrimitives.Max(_peaks);
    }

    /// <summary>No tokens at all.</summary>
    public static LogitRun None => new(0, [], []);

    public float Peak { get; }

    /// <summary>Floats that the peaks of so many tokens take.</summary>
    public static int PeaksFor(int tokens) => (tokens + BlockSize - 1) / BlockSize;

    /// <summary>The token at the peak.</summary>
    public int Best()
    {
        var block = _peaks.IndexOf(Peak);
        return _first + block * BlockSize + Block(block).IndexOf(Peak);
    }

    /// <summary>Σ exp((logit − <paramref name="peak"/>) · <paramref name="sharpness"/>).</summary>
    public double SumExp(float peak, float sharpness)
    {
        var sum = 0.0;
        for (var block = 0; block < _peaks.Length; block++)
        {
            sum += BlockSum(block, peak, sharpness);
        }
        return sum;
    }

    /// <summary>
    /// The token at which the running sum of the weights passes <paramref name="left"/>, which is lowered by what was passed; null
    /// when all are passed.
    /// </summary>
    public int? Draw(float peak, float sharpness, ref double left)
    {
        for (var block = 0; block < _peaks.Length; block++)
        {
            var sum = BlockSum(block, peak, sharpness);
            if (left >= sum)
            {
                left -= sum;
                continue;
            }
            var values = Block(block);
            for (var i = 0; i < values.Length; i++)
            {
                left -= MathF.Exp((values[i] - peak) * sharpness);
                if (left < 0)
                {
                    return _first + block * BlockSize + i;
                }
            }
        }
        return null;
    }

    /// <summary>Offers each token that may be among the best.</summary>
    public void Offer(TopTokens top)
    {
        for (var block = 0; block < _peaks.Length; block++)
        {
            if (_peaks[block] <= top.Least)
            {
                continue;
            }
            var values = Block(block);
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] > top.Least)
                {
                    top.Add(_first + block * BlockSize + i, values[i]);
                }
            }
        }
    }

    private ReadOnlySpan<float> Block(int block)
    {
        var start = block * BlockSize;
        return _values.Slice(start, Math.Min(BlockSize, _values.Length - start));
    }

    private double BlockSum(int block, float peak, float sharpness) =>
        (_peaks[block] - peak) * sharpness < Negligible ? 0 : Logits.SumExp(Block(block), peak, sharpness);
}

/// <summary>The likeliest few tokens seen, best first; of equal ones the first seen.</summary>
internal sealed class TopTokens(int capacity)
{
    private readonly (int Token, float Logit)[] _best = new (int, float)[capacity];

    public int Count { get; private set; }

    /// <summary>A logit must be above this to get in.</summary>
    public float Least => Count < capacity ? float.NegativeInfinity : _best[Count - 1].Logit;

    public (int Token, float Logit) this[int rank] => _best[rank];

    public void Clear() => Count = 0;

    public void Add(int token, float logit)
    {
        var rank = Count < capacity ? Count++ : Count - 1;
        for (; rank > 0 && _best[rank - 1].Logit < logit; rank--)
        {
            _best[rank] = _best[rank - 1];
        }
        _best[rank] = (token, logit);
    }
}
