using System.Diagnostics;

namespace WhisperMesh.Client;

/// <summary>Spans of the client: one for each call, the parent of what the router and the worker do for it.</summary>
internal static class ClientTelemetry
{
    internal const string SourceName = "WhisperMesh.Client";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Start(string operation) => Source.StartActivity($"whispermesh {operation}");

    internal static void Fail(Activity? activity, WhisperMeshException exception)
    {
        activity?.SetTag("error.type", exception.Reason ?? exception.Status.ToString());
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
    }
}
