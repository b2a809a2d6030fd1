using System.Diagnostics;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Telemetry;

/// <summary>The router's source of spans, and what more than one of them says. None carries text, keys or audio.</summary>
internal static class RouterSpans
{
    public static readonly ActivitySource Source = new(TelemetryNames.Sources.Router);

    /// <summary>Begins a span under the current one; null where nobody listens.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Begins a span that later ones of the same task do not stand under.</summary>
    public static Activity? StartBeside(string name)
    {
        var current = Activity.Current;
        var activity = Source.StartActivity(name);
        Activity.Current = current;
        return activity;
    }

    /// <summary>Ends a span that <see cref="StartBeside"/> began.</summary>
    public static void StopBeside(Activity? activity)
    {
        if (activity is not null)
        {
            var current = Activity.Current;
            activity.Stop();
            Activity.Current = current;
        }
    }

    /// <summary>Says why it failed. The caller's own going is no error.</summary>
    public static void Fail(Activity? activity, Exception exception)
    {
        if (activity is { IsAllDataRequested: true })
        {
            var reason = ErrorTypes.Of(exception);
            activity.SetTag(TelemetryNames.Attributes.ErrorType, reason);
            if (reason != ErrorTypes.Cancelled)
            {
                activity.SetStatus(ActivityStatusCode.Error, reason);
            }
        }
    }

    /// <summary>Says which worker was chosen, why, and among how many.</summary>
    public static void Chosen(Activity? route, WorkerHold worker, string routeName, int attempt)
    {
        if (route is { IsAllDataRequested: true })
        {
            route.SetTag(TelemetryNames.Attributes.RouteName, routeName);
            route.SetTag(TelemetryNames.Attributes.RouteAlternatives, worker.Alternatives);
            route.SetTag(TelemetryNames.Attributes.Attempt, attempt);
            Describe(route, worker);
        }
    }

    public static void Describe(Activity activity, WorkerHold worker)
    {
        activity.SetTag(TelemetryNames.Attributes.WorkerId, worker.WorkerId);
        activity.SetTag(TelemetryNames.Attributes.Model, worker.Model);
        activity.SetTag(TelemetryNames.Attributes.RouteReason, worker.Reason);
        if (worker.External)
        {
            activity.SetTag(TelemetryNames.Attributes.External, true);
        }
    }

    public static string NameOf(RequestClass requestClass) => requestClass switch
    {
        RequestClass.Live => "live",
        RequestClass.Bulk => "bulk",
        _ => "interactive",
    };
}
