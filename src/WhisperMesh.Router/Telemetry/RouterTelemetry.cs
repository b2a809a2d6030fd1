using System.Diagnostics;
using System.Diagnostics.Metrics;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Telemetry;

/// <summary>Spans and measures of tries at workers. Nothing here carries audio or text.</summary>
internal sealed class RouterTelemetry
{
    public const string Name = TelemetryNames.Sources.Router;

    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _denied;
    private readonly Histogram<double> _factor;

    public RouterTelemetry(IMeterFactory meters, Spool.AudioSpool spool, WorkerPool pool)
    {
        var meter = meters.Create(Name);
        _attempts = meter.CreateCounter<long>(TelemetryNames.Metrics.Attempts, "{attempt}", "Tries at workers, by outcome.");
        _retries = meter.CreateCounter<long>(
            TelemetryNames.Metrics.Retries, "{attempt}", "Tries at another worker, by how the one before had ended.");
        _hedges = meter.CreateCounter<long>(
            TelemetryNames.Metrics.Hedges, "{attempt}", "Tries made beside a first one that was late, by which of the two was faster.");
        _denied = meter.CreateCounter<long>(
            TelemetryNames.Metrics.RetriesDenied, "{attempt}", "Retries that were not made because the retry budget was spent.");
        _factor = meter.CreateHistogram<double>(
            TelemetryNames.Metrics.RealTimeFactor, "1", "Time that a worker took, from when it could have all the audio, over the length of that.");
        meter.CreateObservableGauge(TelemetryNames.Metrics.SpoolUsage, () => spool.BytesInUse, "By", "Uploads in flight, in memory and on disk.");
        meter.CreateObservableGauge(TelemetryNames.Metrics.SpoolFiles, () => spool.OpenFiles, "{file}", "Uploads in flight.");
        WorkerMetrics.Observe(meter, pool);
    }

    /// <summary>Begins the span of a try; the call to the worker stands under it.</summary>
    public static Activity? StartAttempt(string operation, string requestId, int attempt, WorkerHold worker)
    {
        var activity = RouterSpans.Source.StartActivity(TelemetryNames.Spans.Attempt, ActivityKind.Client);
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(TelemetryNames.Attributes.Operation, operation);
            activity.SetTag(TelemetryNames.Attributes.RequestId, requestId);
            activity.SetTag(TelemetryNames.Attributes.Attempt, attempt);
            RouterSpans.Describe(activity, worker);
        }

        return activity;
    }

    /// <summary>A try has ended.</summary>
    /// <param name="activity">Its span.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="won">Whether it was the faster of two; null: it was alone.</param>
    public void OnAttemptEnded(Activity? activity, string operation, string outcome, bool? won)
    {
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(TelemetryNames.Attributes.Outcome, outcome);
            activity.SetTag(TelemetryNames.Attributes.Hedge, won is { } faster ? faster ? "won" : "lost" : null);
            if (outcome is not (Outcomes.Served or Outcomes.Cancelled))
            {
                activity.SetStatus(ActivityStatusCode.Error, outcome);
            }
        }

        _attempts.Add(1, Operation(operation), new(TelemetryNames.Attributes.Outcome, outcome));
    }

    /// <summary>A worker has served a request.</summary>
    public void OnServed(string operation, TimeSpan elapsed, TimeSpan audio)
    {
        if (audio > TimeSpan.Zero)
        {
            _factor.Record(elapsed / audio, Operation(operation));
        }
    }

    /// <summary>Another worker is tried.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="reason">How the last try ended, of <see cref="Outcomes"/>.</param>
    public void OnRetry(string operation, string reason) => _retries.Add(1, Operation(operation), new(TelemetryNames.Attributes.Reason, reason));

    /// <summary>A second try ran beside a first.</summary>
    public void OnHedged(string operation, bool won) =>
        _hedges.Add(1, Operation(operation), new(TelemetryNames.Attributes.Outcome, won ? "won" : "lost"));

    public void OnRetryDenied(string operation) => _denied.Add(1, Operation(operation));

    private static KeyValuePair<string, object?> Operation(string operation) => new(TelemetryNames.Attributes.Operation, operation);
}

/// <summary>How a try at a worker, or a request, ended.</summary>
internal static class Outcomes
{
    public const string Served = "served";
    public const string Refused = "refused";
    public const string Full = "full";
    public const string Died = "died";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
}
