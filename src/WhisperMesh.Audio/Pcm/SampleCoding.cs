namespace WhisperMesh.Audio.Pcm;

/// <summary>
/// How one sample is written in bytes. Signed integers are left-justified in their bytes, so one rule reads 9 to 32 bits.
/// </summary>
internal enum SampleCoding
{
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}
