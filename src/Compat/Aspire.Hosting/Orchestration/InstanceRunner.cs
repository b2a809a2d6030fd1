using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Output;
using Aspire.Hosting.ResourceService;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Keeps one instance running until it is stopped: waits for what it needs, starts it, watches its health, starts it again when it ends.
/// </summary>
internal sealed class InstanceRunner(
    ResourceInstance instance,
    InstanceState state,
    ConsoleTail tail,
    ProcessPlanner planner,
    ProcessLauncher launcher,
    ResourceNotificationService notifications,
    HealthWatch healthWatch,
    LogConsole console,
    TimeProvider timeProvider,
    ILogger logger) : IDisposable
{
    private readonly RestartBackoff _backoff = new(timeProvider);
    private readonly CancellationTokenSource _stopping = new();
    private volatile RunningProcess? _process;
    private Task _run = Task.CompletedTask;
    private int? _exitCode;

    /// <summary>True when nothing runs and nothing will, unless another runner is started.</summary>
    public bool HasEnded => _run.IsCompleted;

    public void Start() => _run = RunAsync(_stopping.Token);

    /// <summary>Asks the process to end, and kills it when it takes longer than <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (!_run.IsCompleted)
        {
            await state.SetStoppingAsync();
        }

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
            await DependencyWait.WaitAsync(instance, notifications, timeProvider, state, logger, stopping);
            while (await RunOnceAsync(stopping) is { } delay)
            {
                await Task.Delay(delay, timeProvider, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await state.SetAsync(KnownResourceStates.Finished, _exitCode);
        }
        catch (Exception exception)
        {
            // Nobody awaits the run before the stop, so what went wrong is told here.
            OrchestratorLog.CannotStart(logger, instance.Id, exception.Message);
            Note($"can't be started: {exception.Message}");
            await state.SetAsync(KnownResourceStates.FailedToStart);
        }
    }

    /// <summary>One life of the process; returns the wait before the next, or null when there is none.</summary>
    private async Task<TimeSpan?> RunOnceAsync(CancellationToken stopping)
    {
        await state.SetAsync(KnownResourceStates.Starting);
        var spec = await planner.PlanAsync(instance, stopping);
        var exitCode = await PrepareAsync(spec, stopping);
        if (exitCode == 0)
        {
            exitCode = await FollowAsync(launcher.Run(spec, OnLine), spec, stopping);
        }

        _process = null;
        _exitCode = exitCode;
        stopping.ThrowIfCancellationRequested();
        await state.SetAsync(KnownResourceStates.Exited, exitCode);
        if (launcher.Lost.IsCompleted)
        {
            return null;
        }

        if (_backoff.OnExited() is { } delay)
        {
            OrchestratorLog.Restarting(logger, instance.Id, ExitCodes.Describe(exitCode), delay.TotalSeconds);
            Note(string.Create(CultureInfo.InvariantCulture, $"{ExitCodes.Describe(exitCode)}. It starts again in {delay.TotalSeconds:0} s."));
            return delay;
        }

        Note($"{ExitCodes.Describe(exitCode)}. It was given up.");
        OrchestratorLog.GaveUp(logger, instance.Id, ExitCodes.Describe(exitCode), RestartBackoff.StartsBeforeGivingUp);
        await state.SetAsync(KnownResourceStates.FailedToStart, exitCode);
        return null;
    }

    private async Task<int> PrepareAsync(ProcessSpec spec, CancellationToken stopping)
    {
        if (spec.Before is not { } before)
        {
            return 0;
        }

        OrchestratorLog.Preparing(logger, instance.Id, string.Join(' ', before.Arguments));
        var process = launcher.Run(before, OnLine);
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

    private async Task<int> FollowAsync(RunningProcess process, ProcessSpec spec, CancellationToken stopping)
    {
        _process = process;
        using var stop = stopping.Register(process.Terminate);
        try
        {
            var processId = await process.Started;
            OrchestratorLog.Started(logger, instance.Id, processId);
            Note(string.Create(CultureInfo.InvariantCulture, $"started, process {processId}."));
            await state.SetStartedAsync(processId, spec.Environment);
        }
        catch (DistributedApplicationException exception)
        {
            OrchestratorLog.CannotStart(logger, instance.Id, exception.Message);
            Note($"can't be started: {exception.Message}");
            return -1;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watch = healthWatch.RunAsync(instance, state, () => OnHealthy(process), ended.Token);
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

    private void OnLine(string line, bool isError)
    {
        console.Write(instance.Id, line);
        tail.Add(isError ? ConsoleSource.Error : ConsoleSource.Output, LogConsole.WithoutEscapes(line));
    }

    private void Note(string text) => tail.Add(ConsoleSource.Orchestrator, $"{instance.Id} {text}");
}
