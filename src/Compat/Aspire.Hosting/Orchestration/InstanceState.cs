using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Publishes one instance's state.</summary>
internal sealed class InstanceState(ResourceInstance instance, ResourceNotificationService notifications)
{
    private HealthStatus? _health;

    /// <summary>Publishes a state in which the process is not up.</summary>
    public Task SetAsync(string state, int? exitCode = null)
    {
        _health = null;
        return notifications.PublishUpdateAsync(
            instance.Resource, instance.Id, snapshot => snapshot with { State = state, ExitCode = exitCode, HealthStatus = null });
    }

    /// <summary>Publishes that the process is up, and how it is; true where that is new.</summary>
    public async Task<bool> SetRunningAsync(HealthStatus health)
    {
        var changed = _health != health;
        if (changed)
        {
            _health = health;
            await notifications.PublishUpdateAsync(
                instance.Resource,
                instance.Id,
                snapshot => snapshot with { State = KnownResourceStates.Running, ExitCode = null, HealthStatus = health });
        }

        return changed;
    }
}
