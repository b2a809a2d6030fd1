using System.Numerics;
using Google.Protobuf.WellKnownTypes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live;

/// <summary>How a stream's bytes and its time belong together.</summary>
internal readonly record struct LiveFormat(int FrameBytes, int SampleRateHz)
{
    // What engines hear.
    private const int EngineRateHz = 16_000;

    public long BytesPerSecond => (long)FrameBytes * SampleRateHz;

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

    /// <summary>The first place at or after this one where frames and the engine's samples meet: a stream can begin there.</summary>
    public long AlignUp(long bytes)
    {
        var step = (long)FrameBytes * (SampleRateHz / (int)BigInteger.GreatestCommonDivisor(SampleRateHz, EngineRateHz));
        return (bytes + step - 1) / step * step;
    }
}
