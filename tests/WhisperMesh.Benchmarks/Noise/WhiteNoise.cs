namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Equal power at all frequencies: a hiss. Near enough normal, as a sum of three even draws.</summary>
internal sealed class WhiteNoise(Random random) : ISound
{
    private const float Rms = 0.7f;

    public float Next() => Rms * 2 * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
}
