using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Publishes one instance's state.</summary>
internal sealed class InstanceState(ResourceInstance instance, ResourceNotificationService notifications, TimeProvider timeProvider)
{
    private HealthStatus? _health;
    private string? _problem;

    /// <summary>True from the wait for dependencies until the process has ended.</summary>
    public bool IsUp => notifications.TryGetCurrentState(instance.Id, out var update)
        && update?.Snapshot.State?.Text is { } state
        && state != KnownResourceStates.NotStarted
        && state != KnownResourceStates.Exited
        && state != KnownResourceStates.Finished
        && state != KnownResourceStates.FailedToStart;

    /// <summary>Publishes that there is such an instance, and where it will listen.</summary>
    public Task AnnounceAsync() => PublishAsync(snapshot => snapshot with
    {
        State = KnownResourceStates.NotStarted,
        Urls = [.. instance.Endpoints.Select(endpoint => new UrlSnapshot(
            endpoint.Name, $"{endpoint.UriScheme}://{ResourceInstance.Host}:{instance.PortOf(endpoint.Name)}", IsInternal: false))],
    });

    /// <summary>Publishes a state in which the process is not up.</summary>
    public Task SetAsync(string state, int? exitCode = null)
    {
        (_health, _problem) = (null, null);
        return PublishAsync(snapshot => snapshot with
        {
            State = state,
            ExitCode = exitCode,
            HealthStatus = null,
            HealthProblem = null,
            ProcessId = null,
            StopTimeStamp = snapshot.ProcessId is null ? snapshot.StopTimeStamp : timeProvider.GetUtcNow().UtcDateTime,
        });
    }

    /// <summary>Publishes that a process has started; its health comes after.</summary>
    public Task SetStartedAsync(int processId, IReadOnlyDictionary<string, string?> environment) => PublishAsync(snapshot => snapshot with
    {
        ProcessId = processId,
        Starts = snapshot.Starts + 1,
        StartTimeStamp = timeProvider.GetUtcNow().UtcDateTime,
        StopTimeStamp = null,
        EnvironmentVariables = environment.Where(variable => variable.Value is not null)
            .Select(variable => new EnvironmentVariableSnapshot(variable.Key, variable.Value, IsFromSpec: true)).ToImmutableArray(),
    });

    /// <summary>Publishes that the process has been asked to end.</summary>
    public Task SetStoppingAsync() => PublishAsync(snapshot => snapshot with { State = KnownResourceStates.Stopping });

    /// <summary>Publishes that the process is up, and how it is; true where its health is new.</summary>
    public async Task<bool> SetRunningAsync(HealthStatus health, string? problem)
    {
        var changed = _health != health;
        if (changed || _problem != problem)
        {
            (_health, _problem) = (health, problem);
            await PublishAsync(snapshot => snapshot with
            {
                State = KnownResourceStates.Running,
                ExitCode = null,
                HealthStatus = health,
                HealthProblem = problem,
            });
        }

        return changed;
    }

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(instance.Resource, instance.Id, change);
}
