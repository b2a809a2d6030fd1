namespace Aspire.Dashboard.Telemetry;

/// <summary>OTLP's times: nanoseconds since 1970. All of ulong lies within the years of <see cref="DateTimeOffset"/>.</summary>
internal static class UnixNanos
{
    public static ulong From(DateTimeOffset time) => (ulong)Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks) * 100;

    public static DateTimeOffset ToTime(ulong nanos) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanos / 100));
}
