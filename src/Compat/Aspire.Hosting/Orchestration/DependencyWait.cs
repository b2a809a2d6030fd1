using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Waits until what an instance waits for is healthy, and says every few seconds that it does.</summary>
internal static class DependencyWait
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);

    public static async Task WaitAsync(
        ResourceInstance instance,
        ResourceNotificationService notifications,
        TimeProvider timeProvider,
        InstanceState state,
        ILogger logger,
        CancellationToken stopping)
    {
        foreach (var dependency in instance.Resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name))
        {
            var healthy = notifications.WaitForResourceHealthyAsync(dependency, WaitBehavior.StopOnResourceUnavailable, stopping);
            if (!healthy.IsCompleted)
            {
                await state.SetAsync(KnownResourceStates.Waiting);
            }

            while (await Task.WhenAny(healthy, Task.Delay(SayEvery, timeProvider, stopping)) != healthy)
            {
                stopping.ThrowIfCancellationRequested();
                OrchestratorLog.StillWaiting(logger, instance.Id, dependency);
            }

            await healthy;
        }
    }
}
