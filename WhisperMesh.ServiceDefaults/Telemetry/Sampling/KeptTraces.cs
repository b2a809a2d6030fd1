using System.Diagnostics;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>The traces that were kept lately, so that spans which end late go the same way. Not safe for several threads at once.</summary>
internal sealed class KeptTraces(int capacity)
{
    private readonly Dictionary<ActivityTraceId, string> _reasons = [];
    private readonly Queue<ActivityTraceId> _order = new();

    public string? ReasonOf(ActivityTraceId trace) => _reasons.GetValueOrDefault(trace);

    public void Add(ActivityTraceId trace, string reason)
    {
        if (!_reasons.TryAdd(trace, reason))
        {
            return;
        }

        _order.Enqueue(trace);
        if (_order.Count > capacity)
        {
            _reasons.Remove(_order.Dequeue());
        }
    }
}
