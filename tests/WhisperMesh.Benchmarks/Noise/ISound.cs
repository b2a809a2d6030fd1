namespace WhisperMesh.Benchmarks.Noise;

/// <summary>A sound without speech that goes on for ever. It is about as loud as a sine at full scale where it is loudest.</summary>
internal interface ISound
{
    /// <summary>The next sample, at 16 kHz.</summary>
    float Next();
}
