using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Charts;

/// <summary>The slots that a chart shows; the last is not over yet.</summary>
internal readonly record struct ChartWindow(long From, long To, double LastSlotSeconds)
{
    public static ChartWindow Ending(DateTimeOffset now, TimeSpan length)
    {
        var to = MetricSeries.SlotOf(now);
        var elapsed = (now - DateTimeOffset.UnixEpoch - (to * MetricSeries.SlotTime)).TotalSeconds;

        // In its first second a slot has heard from some senders only, and a rate would jump.
        return new ChartWindow(to - (long)(length / MetricSeries.SlotTime) + 1, to, Math.Max(1, elapsed));
    }

    public bool Holds(long slot) => slot >= From && slot <= To;

    /// <summary>Seconds from the end of one slot to the end of another, or to now.</summary>
    public double SecondsBetween(long earlier, long later) => later == To
        ? ((later - earlier - 1) * MetricSeries.SlotTime.TotalSeconds) + LastSlotSeconds
        : (later - earlier) * MetricSeries.SlotTime.TotalSeconds;
}
