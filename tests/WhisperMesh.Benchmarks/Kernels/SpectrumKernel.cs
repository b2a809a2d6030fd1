using System.Numerics;
using BenchmarkDotNet.Attributes;
using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Benchmarks.Kernels;

/// <summary>The power spectra of as many frames as the processor has lanes.</summary>
public class SpectrumKernel
{
    private readonly FrameFft _fft = new();
    private readonly Vector<float>[] _power = new Vector<float>[FrameFft.Bins];
    private Vector<float>[] _samples = [];

    [GlobalSetup]
    public void Setup() => _samples = [.. Numbers.Even(FrameFft.Size).Select(number => new Vector<float>(number))];

    [Benchmark]
    public void Power() => _fft.Power(_samples, _power);
}
