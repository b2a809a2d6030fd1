using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Tests;

/// <summary>The processes of this machine, as <c>ps</c> sees them on Linux and macOS.</summary>
internal static class ProcessTable
{
    public sealed record Row(int Id, int Parent, int Group, string State, string Command);

    /// <summary>Those that live; a zombie is dead and only waits to be buried.</summary>
    public static IReadOnlyList<Row> Read()
    {
        var start = new ProcessStartInfo("ps", ["-A", "-ww", "-o", "pid=,ppid=,pgid=,stat=,args="]) { RedirectStandardOutput = true };
        using var ps = Process.Start(start)!;
        var text = ps.StandardOutput.ReadToEnd();
        ps.WaitForExit();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse).Where(row => !row.State.StartsWith('Z'))];
    }

    public static bool IsAlive(int id) => Read().Any(row => row.Id == id);

    /// <summary>The watchdog that the process <paramref name="appHostId"/> started.</summary>
    public static Row WatchdogOf(int appHostId) => Read().Single(row => row.Parent == appHostId && row.Group == row.Id);

    public static IReadOnlyList<Row> InGroup(int group) => [.. Read().Where(row => row.Group == group)];

    private static Row Parse(string line)
    {
        var parts = line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries);
        return new Row(Number(parts[0]), Number(parts[1]), Number(parts[2]), parts[3], parts.Length > 4 ? parts[4] : "");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
