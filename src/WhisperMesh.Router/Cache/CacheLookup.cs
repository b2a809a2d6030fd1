using System.Diagnostics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Cache;

/// <summary>
/// The span in which a request looks for a result: until it has one that was made for others, or begins to have its own made.
/// The work itself stands beside it. Thread-safe.
/// </summary>
internal sealed class CacheLookup : IDisposable
{
    private Activity? _activity = RouterSpans.StartBeside(TelemetryNames.Spans.Cache);

    /// <param name="result">Where the result comes from.</param>
    /// <param name="made">The trace in which it was made; default: not known, or this one.</param>
    public void End(CacheResult result, ActivityContext made = default)
    {
        if (Interlocked.Exchange(ref _activity, null) is not { } activity)
        {
            return;
        }

        activity.SetTag(TelemetryNames.Attributes.CacheOutcome, CacheTelemetry.NameOf(result));
        if (made.TraceId != default && made.TraceId != activity.TraceId)
        {
            activity.AddLink(new ActivityLink(made));
        }

        RouterSpans.StopBeside(activity);
    }

    public void Dispose() => RouterSpans.StopBeside(Interlocked.Exchange(ref _activity, null));
}
