namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Someone breathes into the microphone: swelling noise, in with a brighter sound than out, and a rest.</summary>
internal sealed class Breathing(Random random) : ISound
{
    private const float In = 0.5f;
    private const float Out = 0.2f;

    // Takes the rumble away that the low pass leaves.
    private const float Rumble = 0.05f;

    private readonly WhiteNoise _white = new(random);
    private int _phase = -1;
    private int _length;
    private int _at;
    private float _low;
    private float _lower;

    public float Next()
    {
        if (_at == _length)
        {
            _phase = (_phase + 1) % 3;
            var seconds = _phase switch { 0 => 0.8, 1 => 1.2, _ => 0.6 } * (0.75 + 0.5 * random.NextDouble());
            (_length, _at) = ((int)(seconds * SampleRate.Hz), 0);
        }
        var brightness = _phase == 0 ? In : Out;
        _low += brightness * (_white.Next() - _low);
        _lower += Rumble * (_low - _lower);
        var envelope = _phase == 2 ? 0 : MathF.Pow(MathF.Sin(MathF.PI * _at / _length), 2);
        _at++;
        return envelope * (_low - _lower) / brightness * 0.5f;
    }
}
