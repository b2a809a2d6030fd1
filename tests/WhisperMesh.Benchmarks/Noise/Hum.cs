namespace WhisperMesh.Benchmarks.Noise;

/// <summary>What the mains put on a bad line: their frequency with its harmonics, the odd ones louder.</summary>
internal sealed class Hum(int hertz) : ISound
{
    private const int Harmonics = 12;
    private const float Gain = 0.5f;

    private long _at;

    public float Next()
    {
        var sum = 0.0;
        for (var harmonic = 1; harmonic <= Harmonics; harmonic++)
        {
            var weight = (harmonic % 2 == 1 ? 1.0 : 0.4) / harmonic;
            sum += weight * Math.Sin(2 * Math.PI * (_at * hertz * harmonic % SampleRate.Hz) / SampleRate.Hz);
        }
        _at++;
        return Gain * (float)sum;
    }
}
