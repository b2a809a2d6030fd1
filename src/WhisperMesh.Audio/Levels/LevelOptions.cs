namespace WhisperMesh.Audio;

/// <summary>When <see cref="LevelNormalizer"/> touches the samples, and how far. Full scale is 0 dBFS.</summary>
public sealed record LevelOptions
{
    /// <summary>
    /// Sound whose loudest moments stay below this is raised, in dBFS. Speech that was recorded with any care peaks well above it
    /// (the recordings of the tests at -6 to -3), so that normal audio is never touched; models cope with what lies between. On clean
    /// recordings Silero misses words only from a peak of about -48 down, but noise that goes with a low level comes on top.
    /// </summary>
    public double QuietBelowDbfs { get; init; } = -30;

    /// <summary>
    /// Where raised speech is to peak, in dBFS. The middle of what recordings have, with room for the word that is louder than all
    /// before it.
    /// </summary>
    public double TargetDbfs { get; init; } = -12;

    /// <summary>
    /// Most that is added, in dB. More would lift the rounding of 16-bit samples (-98 dBFS) and the hiss of a good microphone
    /// (-80 to -70) to what a listener takes for a noisy room.
    /// </summary>
    public double MaxGainDb { get; init; } = 30;

    /// <summary>
    /// A constant offset from here on is taken out, as a share of full scale. Speech itself has a mean within 0.002 of zero over half
    /// a second; a broken microphone input has 0.05 and more.
    /// </summary>
    public double DcOffsetAbove { get; init; } = 0.02;
}
