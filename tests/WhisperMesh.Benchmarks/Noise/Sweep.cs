namespace WhisperMesh.Benchmarks.Noise;

/// <summary>A sine that climbs from 100 Hz to 7 kHz in ten seconds, again and again.</summary>
internal sealed class Sweep : ISound
{
    private const double LowHz = 100;
    private const double HighHz = 7_000;
    private const int Length = 10 * SampleRate.Hz;

    private double _phase;
    private int _at;

    public float Next()
    {
        var hertz = LowHz * Math.Pow(HighHz / LowHz, (double)_at / Length);
        _at = (_at + 1) % Length;
        _phase = (_phase + hertz / SampleRate.Hz) % 1;
        return (float)Math.Sin(2 * Math.PI * _phase);
    }
}
