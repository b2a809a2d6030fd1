namespace WhisperMesh.Benchmarks.Noise;

/// <summary>Nothing at all.</summary>
internal sealed class DigitalSilence : ISound
{
    public float Next() => 0;
}
