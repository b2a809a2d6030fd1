namespace WhisperMesh.Benchmarks.Noise;

/// <summary>
/// Telephone keys pressed at random: two tones at once for 120 ms, then 80 ms of nothing, and a longer rest after each number.
/// </summary>
internal sealed class KeyTones(Random random) : ISound
{
    private const int Tone = SampleRate.Hz * 120 / 1_000;
    private const int Press = SampleRate.Hz * 200 / 1_000;
    private const int Rest = 2 * SampleRate.Hz;
    private const int KeysOfNumber = 10;
    private static readonly int[] Rows = [697, 770, 852, 941];
    private static readonly int[] Columns = [1209, 1336, 1477];

    private int _left;
    private int _pressed;
    private int _keys;
    private (int Row, int Column) _key;

    public float Next()
    {
        if (_left == 0)
        {
            var number = ++_keys % KeysOfNumber == 0;
            (_left, _pressed) = (Press + (number ? Rest : 0), 0);
            _key = (Rows[random.Next(Rows.Length)], Columns[random.Next(Columns.Length)]);
        }
        _left--;
        return _pressed++ < Tone ? (Sine(_key.Row) + Sine(_key.Column)) / 2 : 0;
    }

    private float Sine(int hertz) => (float)Math.Sin(2 * Math.PI * hertz * _pressed / SampleRate.Hz);
}
