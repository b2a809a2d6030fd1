using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

internal static partial class OrchestratorLog
{
    [LoggerMessage(1, LogLevel.Information, "{Instance} started, process {ProcessId}.")]
    public static partial void Started(ILogger logger, string instance, int processId);

    [LoggerMessage(2, LogLevel.Information, "{Instance} is healthy after {Seconds:0.0} s.")]
    public static partial void Healthy(ILogger logger, string instance, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "{Instance} is not healthy: {Problem}.")]
    public static partial void NotHealthy(ILogger logger, string instance, string problem);

    [LoggerMessage(4, LogLevel.Warning, "{Instance} waits for {Dependency}, which is not healthy yet.")]
    public static partial void StillWaiting(ILogger logger, string instance, string dependency);

    [LoggerMessage(5, LogLevel.Warning, "{Instance} {Reason}. It starts again in {Seconds:0} s.")]
    public static partial void Restarting(ILogger logger, string instance, string reason, double seconds);

    [LoggerMessage(6, LogLevel.Error, "{Instance} {Reason}. It was given up after {Starts} starts; its own lines above say why.")]
    public static partial void GaveUp(ILogger logger, string instance, string reason, int starts);

    [LoggerMessage(7, LogLevel.Error, "{Instance} can't be started: {Reason}")]
    public static partial void CannotStart(ILogger logger, string instance, string reason);

    [LoggerMessage(8, LogLevel.Information, "All {Count} processes are healthy, {Seconds:0.0} s after the start.")]
    public static partial void AllHealthy(ILogger logger, int count, double seconds);

    [LoggerMessage(9, LogLevel.Information, "Stopping.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(10, LogLevel.Information, "Everything has stopped.")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(11, LogLevel.Warning, "{Instance} did not end within {Seconds:0} s and is killed.")]
    public static partial void Killing(ILogger logger, string instance, double seconds);

    [LoggerMessage(
        12, LogLevel.Critical, "The watchdog (process {ProcessId}) is gone, so every process was ended. Start the AppHost again.")]
    public static partial void WatchdogLost(ILogger logger, int processId);

    [LoggerMessage(13, LogLevel.Information, "The dashboard is at {Url}.")]
    public static partial void Dashboard(ILogger logger, string? url);

    [LoggerMessage(14, LogLevel.Error, "The dotnet run around this AppHost is gone, so everything stops.")]
    public static partial void ParentLost(ILogger logger);

    [LoggerMessage(15, LogLevel.Information, "{Instance} first needs dotnet {Command}.")]
    public static partial void Preparing(ILogger logger, string instance, string command);

    [LoggerMessage(16, LogLevel.Error, "{Instance} can't start, because dotnet {Command} failed. {Hint}")]
    public static partial void NotPrepared(ILogger logger, string instance, string command, string hint);

    [LoggerMessage(17, LogLevel.Information, "{Instance} is not healthy yet after {Seconds:0} s: {Problem}.")]
    public static partial void NotHealthyYet(ILogger logger, string instance, double seconds, string problem);
}
