using WhisperMesh.Whisper.Features;

namespace WhisperMesh.Whisper.Live;

/// <summary>What a latency asks of the passes; lengths in samples.</summary>
/// <param name="First">Voice before the first pass over an utterance.</param>
/// <param name="Interval">New voice before the next.</param>
/// <param name="Safe">Audio that must follow a word before it is committed, since what is cut off is misheard.</param>
internal sealed record LatencyPlan(int First, int Interval, int Safe)
{
    public static LatencyPlan Of(LiveLatency latency) => latency switch
    {
        LiveLatency.Minimal => Seconds(0.25, 0.2, 0.05),
        LiveLatency.Low => Seconds(0.35, 0.4, 0.15),
        LiveLatency.Medium => Seconds(0.8, 0.8, 0.4),
        LiveLatency.High => Seconds(3, 3, 1),
        _ => throw new ArgumentOutOfRangeException(nameof(latency), latency, "There is no such latency."),
    };

    private static LatencyPlan Seconds(double first, double interval, double safe) =>
        new((int)(first * LogMel.SampleRateHz), (int)(interval * LogMel.SampleRateHz), (int)(safe * LogMel.SampleRateHz));
}
