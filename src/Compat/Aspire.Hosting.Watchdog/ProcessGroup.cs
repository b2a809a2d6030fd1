using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Watchdog;

/// <summary>
/// The set of processes that must not outlive the AppHost: on Unix a session and process group that the watchdog leads, on Windows a
/// job object that ends with the watchdog.
/// </summary>
internal static partial class ProcessGroup
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Makes the calling process the owner; what it starts from now on belongs to the group.</summary>
    public static void Own()
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsJob.Own();
            return;
        }

        // Fails only where we lead a group already, which serves as well.
        _ = SetSession();
        if (GetProcessGroup(0) != Environment.ProcessId)
        {
            throw new InvalidOperationException("The watchdog could not get a process group of its own.");
        }
    }

    /// <summary>Ends the whole group, the caller included, at once.</summary>
    public static void KillAll()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(0, SigKill);
        }

        // On Windows the job's last handle closes with this process, and the job ends the rest.
    }

    /// <summary>Ends what is left of the group that <paramref name="leaderId"/> led, from outside of it.</summary>
    public static void KillRest(int leaderId)
    {
        if (!OperatingSystem.IsWindows() && leaderId > 1)
        {
            _ = Kill(-leaderId, SigKill);
        }
    }

    /// <summary>
    /// Asks a process to end; Windows has no such request for one without a window, so there it is killed with its children.
    /// </summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else if (!process.HasExited)
        {
            _ = Kill(process.Id, SigTerm);
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid", SetLastError = true)]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "getpgid", SetLastError = true)]
    private static partial int GetProcessGroup(int processId);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
