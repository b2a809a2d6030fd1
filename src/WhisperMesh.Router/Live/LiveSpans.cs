using System.Diagnostics;
using WhisperMesh.Router.Telemetry;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Router.Live;

/// <summary>A session in the trace of the connection that began it; connections that return to it are linked to that.</summary>
internal static class LiveSpans
{
    // A client that returns again and again must not make the span grow for hours.
    private const int MostReturns = 64;

    public static Activity? Start(LiveSession session)
    {
        var activity = session.Span = RouterSpans.Start(TelemetryNames.Spans.LiveSession);
        activity?.SetTag(TelemetryNames.Attributes.RequestId, session.Request.Id)
            .SetTag(TelemetryNames.Attributes.ResumedFrom, session.Request.Resume?.Checkpoint?.Offset?.ToTimeSpan().TotalSeconds);
        return activity;
    }

    public static void End(LiveSession session)
    {
        if (session.Span is { IsAllDataRequested: true } activity)
        {
            activity.SetTag(TelemetryNames.Attributes.AudioSeconds, session.Audio.TotalSeconds);
            activity.SetTag(TelemetryNames.Attributes.Attempt, session.Attempts);
            activity.SetTag(TelemetryNames.Attributes.Outcome, session.Failure is null ? Outcomes.Served : Outcomes.Failed);
            if (session.Failure is { } failure)
            {
                RouterSpans.Fail(activity, failure);
            }
        }
    }

    /// <summary>A client has come back to its session over another connection, which may have a trace of its own.</summary>
    public static void Returned(LiveSession session)
    {
        if (session.Span is not { IsAllDataRequested: true } activity)
        {
            return;
        }

        if (Activity.Current is { } connection && connection.TraceId != activity.TraceId)
        {
            connection.AddLink(new ActivityLink(activity.Context));
        }

        if (activity.Events.Count() < MostReturns)
        {
            activity.AddEvent(new ActivityEvent(TelemetryNames.Events.Resumed));
        }
    }

    /// <summary>A worker was found; looks that found none leave no span.</summary>
    public static void Routed(WorkerHold worker, string routeName, int attempt, DateTimeOffset began)
    {
        using var route = RouterSpans.Source.StartActivity(TelemetryNames.Spans.Route, ActivityKind.Internal, default(ActivityContext), startTime: began);
        RouterSpans.Chosen(route, worker, routeName, attempt);
    }
}
