using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Stops the application when the <c>dotnet run</c> around it is gone. On a signal that command passes it on, but killed with SIGKILL it
/// can't, and what the user sees as one program would leave all of the rest behind.
/// </summary>
internal sealed partial class ParentWatch(
    TimeProvider timeProvider, IHostApplicationLifetime lifetime, ILogger<ParentWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Only Linux tells by a plain file what the parent is. Any other parent, a shell for one, may end and leave us running.
        if (!OperatingSystem.IsLinux() || !IsDotNetRun(GetParentId(), out var parent))
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(Interval, timeProvider);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (GetParentId() != parent)
                {
                    OrchestratorLog.ParentLost(logger);
                    lifetime.StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It stops for another reason; the host would tell of this as if it were a failure.
        }
    }

    private static bool IsDotNetRun(int processId, out int same)
    {
        same = processId;
        try
        {
            return IsDotNetRun(File.ReadAllText($"/proc/{processId}/cmdline").Split('\0'));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    internal static bool IsDotNetRun(IReadOnlyList<string> commandLine) =>
        commandLine is [var program, ..]
        && Path.GetFileName(program) == "dotnet"
        && (commandLine.Contains("run") || commandLine.Contains("watch"));

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParentId();
}
