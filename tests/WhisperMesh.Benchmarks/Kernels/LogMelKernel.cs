using BenchmarkDotNet.Attributes;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>The model's input from samples: the FFT, the filters and the logarithm.</summary>
public class LogMelKernel
{
    private readonly LogMel _mel = new();
    private float[] _samples = [];
    private float[] _out = [];

    /// <summary>Of the window.</summary>
    [Params(10, 30)]
    public int Seconds { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _samples = Numbers.Even(Seconds * LogMel.SampleRateHz);
        _out = new float[MelFilters.Count * Seconds * LogMel.FramesPerSecond];
    }

    [Benchmark]
    public void Compute() => _mel.Compute(_samples, Seconds * LogMel.FramesPerSecond, _out);
}
