namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Samples a second of all sounds.</summary>
internal static class SampleRate
{
    public const int Hz = 16_000;
}
