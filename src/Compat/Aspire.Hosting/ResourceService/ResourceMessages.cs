using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.ResourceService;

/// <summary>Says of an instance what the dashboard may know.</summary>
internal static class ResourceMessages
{
    public static ResourceMessage Of(ResourceEvent update)
    {
        var snapshot = update.Snapshot;
        var state = snapshot.State?.Text ?? KnownResourceStates.NotStarted;
        return new ResourceMessage(update.ResourceId, update.Resource.Name, TypeOf(update.Resource), state)
        {
            Health = snapshot.HealthStatus?.ToString(),
            Problem = snapshot.HealthProblem,
            ExitCode = snapshot.ExitCode,
            ProcessId = snapshot.ProcessId,
            Restarts = Math.Max(0, snapshot.Starts - 1),
            Started = snapshot.StartTimeStamp,
            Stopped = snapshot.StopTimeStamp,
            Endpoints = [.. snapshot.Urls.Select(url => new ResourceEndpoint(url.Name ?? "", url.Url))],
            Environment = [.. snapshot.EnvironmentVariables.OrderBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)
                .Select(variable => SecretMask.Apply(variable.Name, variable.Value ?? ""))],

            // Who stopped it could not start it again, for its buttons are on its own page.
            Commands = update.Resource is DashboardResource ? [] : CommandsIn(state),
        };
    }

    public static IReadOnlyList<string> CommandsIn(string state) =>
        state == KnownResourceStates.Finished || state == KnownResourceStates.FailedToStart || state == KnownResourceStates.NotStarted
            ? [ResourceCommands.Start]
        : state == KnownResourceStates.Stopping ? []
        : state == KnownResourceStates.Exited ? [ResourceCommands.Start, ResourceCommands.Stop]
        : [ResourceCommands.Stop, ResourceCommands.Restart];

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        RedisResource => "Redis",
        _ => resource.GetType().Name,
    };
}
