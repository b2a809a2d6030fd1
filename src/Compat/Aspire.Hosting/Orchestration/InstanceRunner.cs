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
        if (_process is { } process)
        {
            process.Terminate();
            if (await Task.WhenAny(process.Exited, Task.Delay(patience, timeProvider)) != process.Exited)
            {
                OrchestratorLog.Killing(logger, instance.Id, patience.TotalSeconds);
                process.Kill();
            }
        }

        await _run;
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
        var exitCode = spec.Before is { } before ? await RunToEndAsync(before, stopping) : 0;
        if (exitCode == 0)
        {
            exitCode = await RunToEndAsync(spec, stopping, watchHealth: true);
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

    private async Task<int> RunToEndAsync(ProcessSpec spec, CancellationToken stopping, bool watchHealth = false)
    {
        stopping.ThrowIfCancellationRequested();
        var process = launcher.Run(spec, line => console.Write(instance.Id, line));
        _process = process;
        var processId = await process.Started;
        OrchestratorLog.Started(logger, instance.Id, processId);

        // A stop that came between the last look and the start has not seen this process.
        using var stopNow = stopping.Register(process.Terminate);
        using var ended = new CancellationTokenSource();
        var watch = watchHealth ? healthWatch.RunAsync(instance, _state, () => OnHealthy(process), ended.Token) : Task.CompletedTask;
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
