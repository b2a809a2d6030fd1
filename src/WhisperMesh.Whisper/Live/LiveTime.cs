using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>Samples at 16 kHz as time and back, without loss: a sample is 625 ticks.</summary>
internal static class LiveTime
{
    private const long TicksPerSample = TimeSpan.TicksPerSecond / LogMel.SampleRateHz;

    public static TimeSpan Of(long samples) => new(samples * TicksPerSample);

    public static long Samples(TimeSpan time) => time.Ticks / TicksPerSample;
}
