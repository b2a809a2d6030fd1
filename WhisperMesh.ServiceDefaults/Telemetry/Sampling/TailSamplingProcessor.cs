using System.Diagnostics;
using OpenTelemetry;

namespace WhisperMesh.ServiceDefaults.Telemetry.Sampling;

/// <summary>Stands before the export and lets through what <see cref="TraceBuffer"/> releases.</summary>
internal sealed class TailSamplingProcessor : CompositeProcessor<Activity>
{
    private readonly TraceBuffer _buffer;

    // A composite, because only that hands its provider, and with it the service's name, on to the export.
    public TailSamplingProcessor(TraceBuffer buffer, BaseProcessor<Activity> export)
        : base([export])
    {
        _buffer = buffer;
        buffer.Released += Export;
    }

    public override void OnEnd(Activity data)
    {
        if (data.Recorded)
        {
            _buffer.Add(data);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _buffer.Released -= Export;
        base.Dispose(disposing);
    }

    private void Export(Activity span) => base.OnEnd(span);
}
