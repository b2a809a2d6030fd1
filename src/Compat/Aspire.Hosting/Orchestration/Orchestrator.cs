using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Output;
using Aspire.Hosting.ResourceService;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts the application's processes, keeps them running and stops them in the order in which they need each other.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ProcessPlanner planner,
    InstanceDirectory directory,
    LogConsole console,
    TimeProvider timeProvider,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<Orchestrator> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(8);

    private readonly HealthWatch _healthWatch = new(timeProvider, logger);
    private readonly CancellationTokenSource _stopped = new();
    private IReadOnlyList<InstanceControl> _instances = [];
    private ProcessLauncher? _launcher;
    private Task _following = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var instances = ResourceInstance.CreateAll(model);
        if (model.Resources.OfType<DashboardResource>().FirstOrDefault() is { } dashboard)
        {
            // Port 0 has become a real one, and a token may have been made.
            configuration[DashboardResource.PageUrlKey] = new EndpointReference(dashboard, "http").Url;
            configuration[DashboardAccess.BrowserTokenKey] = dashboard.Access.BrowserToken;
        }

        console.Reserve(instances.Select(instance => instance.Id));
        var launcher = _launcher = ProcessLauncher.Start();
        _instances = [.. instances.Select(instance => Control(instance, launcher))];

        // Every state stands before the first runner waits for one.
        foreach (var instance in _instances)
        {
            await instance.AnnounceAsync();
            directory.Add(instance);
        }

        foreach (var instance in _instances)
        {
            instance.Start();
        }

        _following = Task.WhenAll(SayWhenHealthyAsync(_stopped.Token), StopWhenLostAsync(launcher, _stopped.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_launcher is null || _stopped.IsCancellationRequested)
        {
            return;
        }

        OrchestratorLog.Stopping(logger);
        await _stopped.CancelAsync();
        foreach (var wave in StopOrder.Of(_instances))
        {
            await Task.WhenAll(wave.Select(instance => instance.StopAsync()));
        }

        await _launcher.DisposeAsync();
        await _following;
        OrchestratorLog.Stopped(logger);
    }

    public async ValueTask DisposeAsync()
    {
        // The host does not stop what failed to start.
        await StopAsync(CancellationToken.None);
        foreach (var instance in _instances)
        {
            instance.Dispose();
        }

        _healthWatch.Dispose();
        _stopped.Dispose();
    }

    private InstanceControl Control(ResourceInstance instance, ProcessLauncher launcher)
    {
        var state = new InstanceState(instance, notifications, timeProvider);
        var tail = new ConsoleTail(timeProvider);
        return new InstanceControl(instance, state, tail, NewRunner, StopPatience);

        InstanceRunner NewRunner() =>
            new(instance, state, tail, planner, launcher, notifications, _healthWatch, console, timeProvider, logger);
    }

    private async Task SayWhenHealthyAsync(CancellationToken stopped)
    {
        try
        {
            foreach (var resource in model.Resources)
            {
                await notifications.WaitForResourceHealthyAsync(resource.Name, stopped);
            }

            OrchestratorLog.AllHealthy(logger, _instances.Count, ProcessAge().TotalSeconds);
            if (model.Resources.OfType<DashboardResource>().FirstOrDefault() is { } dashboard)
            {
                OrchestratorLog.Dashboard(logger, dashboard.LoginUrl);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
        }
    }

    private async Task StopWhenLostAsync(ProcessLauncher launcher, CancellationToken stopped)
    {
        if (await Task.WhenAny(launcher.Lost, Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, stopped)) == launcher.Lost)
        {
            OrchestratorLog.WatchdogLost(logger, launcher.WatchdogId);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    // What a user waits for begins with the process, not with this class.
    private TimeSpan ProcessAge()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return timeProvider.GetUtcNow() - self.StartTime.ToUniversalTime();
    }
}
