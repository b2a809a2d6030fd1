namespace WhisperMesh.Audio.Pcm;

/// <summary>The layout of interleaved samples.</summary>
/// <param name="Coding">How one sample is written.</param>
/// <param name="SampleRateHz">Frames per second.</param>
/// <param name="ChannelCount">Samples per frame.</param>
/// <param name="SkippedChannel">A channel that carries no speech (low-frequency effects), or -1.</param>
internal sealed record PcmLayout(SampleCoding Coding, int SampleRateHz, int ChannelCount, int SkippedChannel = -1)
{
    public int BytesPerSample => Coding switch
    {
        SampleCoding.Unsigned8 or SampleCoding.ALaw or SampleCoding.MuLaw => 1,
        SampleCoding.Signed16 => 2,
        SampleCoding.Signed24 => 3,
        SampleCoding.Signed32 or SampleCoding.Float32 => 4,
        _ => 8,
    };

    public int BytesPerFrame => BytesPerSample * ChannelCount;

    public string CodingName => Coding switch
    {
        SampleCoding.Unsigned8 => "8-bit PCM",
        SampleCoding.Signed16 => "16-bit PCM",
        SampleCoding.Signed24 => "24-bit PCM",
        SampleCoding.Signed32 => "32-bit PCM",
        SampleCoding.Float32 => "32-bit float",
        SampleCoding.Float64 => "64-bit float",
        SampleCoding.ALaw => "A-law",
        _ => "mu-law",
    };

    /// <summary>The layout of a declared headerless stream, or null if the encoding has a container.</summary>
    public static PcmLayout? FromDeclared(AudioFormat declared)
    {
        SampleCoding? coding = declared.Encoding switch
        {
            AudioEncoding.PcmU8 => SampleCoding.Unsigned8,
            AudioEncoding.PcmS16Le => SampleCoding.Signed16,
            AudioEncoding.PcmS24Le => SampleCoding.Signed24,
            AudioEncoding.PcmS32Le => SampleCoding.Signed32,
            AudioEncoding.PcmF32Le => SampleCoding.Float32,
            AudioEncoding.PcmF64Le => SampleCoding.Float64,
            AudioEncoding.ALaw => SampleCoding.ALaw,
            AudioEncoding.MuLaw => SampleCoding.MuLaw,
            _ => null,
        };
        if (coding is null)
        {
            return null;
        }

        AudioLimits.CheckSampleRate(declared.SampleRateHz, "The audio format");
        AudioLimits.CheckChannelCount(declared.ChannelCount, "The audio format");
        return new PcmLayout(coding.Value, declared.SampleRateHz, declared.ChannelCount);
    }
}
