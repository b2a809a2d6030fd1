namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Power that falls by 3 dB an octave, as wind and rooms have it: white noise through Paul Kellet's filter.</summary>
internal sealed class PinkNoise(Random random) : ISound
{
    private const float Gain = 0.25f;

    private readonly WhiteNoise _white = new(random);
    private float _slow;
    private float _middle;
    private float _fast;

    public float Next()
    {
        var white = _white.Next();
        _slow = 0.99765f * _slow + 0.0990460f * white;
        _middle = 0.96300f * _middle + 0.2965164f * white;
        _fast = 0.57000f * _fast + 1.0526913f * white;
        return Gain * (_slow + _middle + _fast + 0.1848f * white);
    }
}
