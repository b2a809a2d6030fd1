using System.Buffers.Binary;
using System.Diagnostics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>
/// A share of all traces, the same in all processes: by the 56 random bits of the trace's id, as OpenTelemetry's consistent sampling has
/// it. A smaller ratio keeps a part of what a larger one keeps.
/// </summary>
internal static class TraceRatio
{
    private const ulong Range = 1UL << 56;

    public static bool Keeps(ActivityTraceId trace, double ratio)
    {
        Span<byte> bytes = stackalloc byte[16];
        trace.CopyTo(bytes);
        var random = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & (Range - 1);
        return random >= (1 - ratio) * Range;
    }
}
