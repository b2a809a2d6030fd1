using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Traces and measures of the router. Nothing here carries audio or text.</summary>
internal sealed class RouterTelemetry : IDisposable
{
    public const string Name = "WhisperMesh.Router";

    private readonly ActivitySource _activities = new(Name);
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _denied;
    private readonly Histogram<double> _duration;

    public RouterTelemetry(IMeterFactory meters, Spool.AudioSpool spool)
    {
        var meter = meters.Create(Name);
        _attempts = meter.CreateCounter<long>("whispermesh.router.attempts", "{attempt}", "Tries at workers, by outcome.");
        _hedges = meter.CreateCounter<long>(
            "whispermesh.router.hedges", "{attempt}", "Tries made beside a first one that was late, by whether they were faster.");
        _denied = meter.CreateCounter<long>(
            "whispermesh.router.retries.denied", "{attempt}", "Retries that were not made because the retry budget was spent.");
        _duration = meter.CreateHistogram<double>("whispermesh.router.request.duration", "s", "Time from routing to the end.");
        meter.CreateObservableGauge("whispermesh.router.spool.usage", () => spool.BytesInUse, "By", "Uploads in flight, on disk.");
        meter.CreateObservableGauge("whispermesh.router.spool.files", () => spool.OpenFiles, "{file}", "Uploads in flight.");
    }

    public Activity? StartAttempt(string operation, string requestId, int attempt)
    {
        var activity = _activities.StartActivity($"{operation} attempt", ActivityKind.Internal);
        activity?.SetTag("whispermesh.request_id", requestId);
        activity?.SetTag("whispermesh.attempt", attempt);
        return activity;
    }

    public static void OnRouted(Activity? activity, Workers.WorkerHold worker)
    {
        activity?.SetTag("whispermesh.worker_id", worker.WorkerId);
        activity?.SetTag("whispermesh.model", worker.Model);
        activity?.SetTag("whispermesh.route.reason", worker.Reason);
    }

    public void OnAttemptEnded(Activity? activity, string operation, string outcome)
    {
        activity?.SetTag("whispermesh.outcome", outcome);
        if (outcome is not (Outcomes.Served or Outcomes.Cancelled))
        {
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
        }

        _attempts.Add(1, new("operation", operation), new("outcome", outcome));
    }

    /// <summary>A second try ran beside a first.</summary>
    public void OnHedged(string operation, bool won) => _hedges.Add(1, new("operation", operation), new("won", won));

    public void OnRetryDenied(string operation) => _denied.Add(1, new KeyValuePair<string, object?>("operation", operation));

    public void OnRequestEnded(string operation, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("operation", operation), new("outcome", outcome));

    public void Dispose() => _activities.Dispose();
}

/// <summary>How a try at a worker ended; values of the tag "outcome".</summary>
internal static class Outcomes
{
    public const string Served = "served";
    public const string Refused = "refused";
    public const string Full = "full";
    public const string Died = "died";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
