using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>Time and bytes of a stream of headerless samples.</summary>
internal readonly record struct LiveByteRate(int FrameBytes, int SampleRateHz)
{
    // What the mesh will refuse still needs some rate until then.
    internal static LiveByteRate Of(AudioFormat format) => new(
        SampleBytes(format.Encoding) * Math.Clamp(format.ChannelCount, 1, 64), Math.Max(format.SampleRateHz, 1));

    internal long BytesPerSecond => (long)FrameBytes * SampleRateHz;

    internal long ToBytes(TimeSpan time) => (long)(time.TotalSeconds * SampleRateHz) * FrameBytes;

    internal TimeSpan ToTime(long bytes) => TimeSpan.FromSeconds((double)bytes / BytesPerSecond);

    private static int SampleBytes(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.PcmU8 or AudioEncoding.Alaw or AudioEncoding.Mulaw => 1,
        AudioEncoding.PcmS24Le => 3,
        AudioEncoding.PcmS32Le or AudioEncoding.PcmF32Le => 4,
        AudioEncoding.PcmF64Le => 8,
        _ => 2,
    };
}
