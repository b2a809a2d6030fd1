using BenchmarkDotNet.Attributes;
using WhisperMesh.Whisper.Alignment;

namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>Finding the words of a window, besides the model: 60 tokens over 10 s.</summary>
public class AlignmentKernel
{
    private const int Heads = 8;
    private const int Tokens = 60;
    private const int Positions = 500;

    private readonly float[] _scores = Numbers.Even(Heads * Tokens * Positions);
    private readonly float[] _cost = Numbers.Even(Tokens * Positions);
    private readonly float[] _smooth = new float[Positions];

    [Benchmark]
    public int[] Warp() => TimeWarping.FirstColumns(_cost, Tokens, Positions);

    [Benchmark]
    public float[] Cost() => AttentionCost.Compute(_scores, Heads, Tokens, Positions, Positions);

    /// <summary>One row of one head.</summary>
    [Benchmark]
    public void Median() => MedianFilter.Smooth(_cost.AsSpan(0, Positions), _smooth);
}
