using System.Diagnostics;
using WhisperMesh.ServiceDefaults.Telemetry;

namespace WhisperMesh.Client;

/// <summary>Spans of the client: one for each call, the parent of what the router and the worker do for it.</summary>
internal static class ClientTelemetry
{
    private static readonly ActivitySource Source = new(TelemetryNames.Sources.Client);

    internal static Activity? Start(string name) => Source.StartActivity(name);

    internal static void Fail(Activity? activity, WhisperMeshException exception)
    {
        // Never the message, which may hold what was sent.
        var reason = exception.Reason ?? exception.Status.ToString();
        activity?.SetTag(TelemetryNames.Attributes.ErrorType, reason);
        activity?.SetStatus(ActivityStatusCode.Error, reason);
    }
}
