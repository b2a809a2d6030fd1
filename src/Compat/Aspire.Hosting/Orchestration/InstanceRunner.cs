using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Output;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Keeps one instance running: waits for what it needs, starts it, watches its health, starts it again when it ends.</summary>
internal sealed class InstanceRunner(
    ResourceInstance instance,
    ProcessPlanner planner,
    ProcessLauncher launcher,
    ResourceNotificationService notifications,
    HealthWatch healthWatch,
    LogConsole console,
    TimeProvider timeProvider,
    ILogger logger) : IDisposable
{
    private readonly InstanceState _state = new(instance, notifications);
    private readonly RestartBackoff _backoff = new(timeProvider);
    private readonly CancellationTokenSource _stopping = new();
    private volatile RunningProcess? _process;
    private Task _run = Task.CompletedTask;

    public ResourceInstance Instance => instance;

    public Task AnnounceAsync() => _state.SetAsync(KnownResourceStates.NotStarted);

    public void Start() => _run = RunAsync(_stopping.Token);

    /// <summary>Asks the process to end, and kills it when it takes longer than <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await _stopping.CancelAsync();
        if (await Task.WhenAny(_run, Task.Delay(patience, timeProvider)) != _run)
        {
            OrchestratorLog.Killing(logger, instance.Id, patience.TotalSeconds);
            _process?.Kill();

            // What can't even be killed must not hold up the rest; the watchdog ends it with the group.
            await Task.WhenAny(_run, Task.Delay(patience, timeProvider));
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await DependencyWait.WaitAsync(instance, notifications, timeProvider, _state, logger, stopping);
            while (await RunOnceAsync(stopping) is { } delay)
            {
                await Task.Delay(delay, timeProvider, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _state.SetAsync(KnownResourceStates.Finished);
        }
        catch (Exception exception)
        {
            // Nobody awaits the run before the stop, so what went wrong is told here.
            OrchestratorLog.CannotStart(logger, instance.Id, exception.Message);
            await _state.SetAsync(KnownResourceStates.FailedToStart);
        }
    }

    /// <summary>One life of the process; returns the wait before the next, or null when there is none.</summary>
    private async Task<TimeSpan?> RunOnceAsync(CancellationToken stopping)
    {
        await _state.SetAsync(KnownResourceStates.Starting);
        var spec = await planner.PlanAsync(instance, stopping);
        var exitCode = await PrepareAsync(spec, stopping);
        if (exitCode == 0)
        {
            var process = launcher.Run(spec, line => console.Write(instance.Id, line));
            exitCode = await FollowAsync(process, stopping);
        }

        _process = null;
        stopping.ThrowIfCancellationRequested();
        await _state.SetAsync(KnownResourceStates.Exited, exitCode);
        if (launcher.Lost.IsCompleted)
        {
            return null;
        }

        if (_backoff.OnExited() is { } delay)
        {
            OrchestratorLog.Restarting(logger, instance.Id, ExitCodes.Describe(exitCode), delay.TotalSeconds);
            return delay;
        }

        OrchestratorLog.GaveUp(logger, instance.Id, ExitCodes.Describe(exitCode), RestartBackoff.StartsBeforeGivingUp);
        await _state.SetAsync(KnownResourceStates.FailedToStart, exitCode);
        return null;
    }

    private async Task<int> PrepareAsync(ProcessSpec spec, CancellationToken stopping)
    {
        if (spec.Before is not { } before)
        {
            return 0;
        }

        OrchestratorLog.Preparing(logger, instance.Id, string.Join(' ', before.Arguments));
        var process = launcher.Run(before, line => console.Write(instance.Id, line));
        _process = process;
        using var stop = stopping.Register(process.Terminate);
        var exitCode = await process.Exited;
        if (exitCode != 0 && !stopping.IsCancellationRequested)
        {
            OrchestratorLog.NotPrepared(logger, instance.Id, string.Join(' ', before.Arguments), before.Hint);
        }

        stopping.ThrowIfCancellationRequested();
        return exitCode;
    }

    private async Task<int> FollowAsync(RunningProcess process, CancellationToken stopping)
    {
        _process = process;
        using var stop = stopping.Register(process.Terminate);
        try
        {
            OrchestratorLog.Started(logger, instance.Id, await process.Started);
        }
        catch (DistributedApplicationException exception)
        {
            OrchestratorLog.CannotStart(logger, instance.Id, exception.Message);
            return -1;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watch = healthWatch.RunAsync(instance, _state, () => OnHealthy(process), ended.Token);
        var exitCode = await process.Exited;
        await ended.CancelAsync();
        await watch;
        return exitCode;
    }

    private void OnHealthy(RunningProcess process)
    {
        _backoff.OnHealthy();
        process.ForgetSecret();
    }
}
