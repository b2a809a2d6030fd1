namespace WhisperMesh.Benchmarks.Noise;

/// <summary>A kind of sound, and how loud it is played.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Levels">In decibels from full scale; a single 0 for silence.</param>
/// <param name="Start">Makes one.</param>
internal sealed record SoundKind(string Name, IReadOnlyList<int> Levels, Func<Random, ISound> Start)
{
    private const int BlockLength = SampleRate.Hz;
    private static readonly int[] Usual = [-60, -40, -20];

    public static IReadOnlyList<SoundKind> All { get; } =
    [
        new("digital silence", [0], _ => new DigitalSilence()),
        new("white noise", Usual, random => new WhiteNoise(random)),
        new("pink noise", Usual, random => new PinkNoise(random)),
        new("sweeps", Usual, _ => new Sweep()),
        new("key tones", Usual, random => new KeyTones(random)),
        new("hum 50 Hz", Usual, _ => new Hum(50)),
        new("hum 60 Hz", Usual, _ => new Hum(60)),
        new("breathing", Usual, random => new Breathing(random)),
        new("music", Usual, random => new Music(random)),
    ];

    /// <summary>So many seconds of it as a stream, in blocks as a decoder gives them.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> Stream(int level, int seconds, int seed)
    {
        var sound = Start(new Random(seed));
        var gain = MathF.Pow(10, level / 20f);
        var block = new float[BlockLength];
        for (var second = 0; second < seconds; second++)
        {
            for (var i = 0; i < block.Length; i++)
            {
                block[i] = Math.Clamp(gain * sound.Next(), -1, 1);
            }
            yield return block;
        }
        await Task.CompletedTask;
    }
}
