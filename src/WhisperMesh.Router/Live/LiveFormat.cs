using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>How a stream's bytes and its time belong together.</summary>
internal readonly record struct LiveFormat(int FrameBytes, int SampleRateHz)
{
    // What engines hear; a place in the stream is no finer than one of these.
    private const int EngineRateHz = 16_000;

    public long BytesPerSecond => (long)FrameBytes * SampleRateHz;

    /// <summary>Bytes by which a place that an engine names may lie before the true one.</summary>
    public long Rounding => (BytesPerSecond / EngineRateHz) + FrameBytes;

    public static LiveFormat Of(AudioFormat format) => new(SampleBytes(format.Encoding) * format.ChannelCount, format.SampleRateHz);

    /// <summary>Bytes of a sample; 0 for what is no headerless encoding.</summary>
    public static int SampleBytes(AudioEncoding encoding) => encoding switch
    {
        AudioEncoding.PcmU8 or AudioEncoding.Alaw or AudioEncoding.Mulaw => 1,
        AudioEncoding.PcmS16Le => 2,
        AudioEncoding.PcmS24Le => 3,
        AudioEncoding.PcmS32Le or AudioEncoding.PcmF32Le => 4,
        AudioEncoding.PcmF64Le => 8,
        _ => 0,
    };

    public TimeSpan TimeOf(long bytes) => TimeSpan.FromTicks((long)((Int128)bytes * TimeSpan.TicksPerSecond / BytesPerSecond));

    public Duration DurationOf(long bytes) => Duration.FromTimeSpan(TimeOf(bytes));

    /// <summary>The first whole frame at or after a place.</summary>
    public long AlignUp(long bytes) => (bytes + FrameBytes - 1) / FrameBytes * FrameBytes;
}
