using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Tests;

/// <summary>A real AppHost with Redis, two services that ignore SIGTERM, and a child of each: none may outlive it.</summary>
public sealed class SurvivalTests
{
    private const int SigTerm = 15;

    // Two seconds are given to the processes to end by themselves; the rest is for a busy machine.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Kill_AppHost_EndsEveryProcess(string server)
    {
        using var appHost = await TestAppHostProcess.StartAsync(server, "--ignore-terminate");

        appHost.Process.Kill();

        await TestApplication.EventuallyAsync(() => appHost.Left().Count == 0, () => $"left: {string.Join('\n', appHost.Left())}", Within);
    }

    [Fact]
    public async Task Terminate_AppHost_StopsEverythingInOrder()
    {
        using var appHost = await TestAppHostProcess.StartAsync("redis-server");

        Signal(appHost.Process.Id, SigTerm).ShouldBe(0);
        await appHost.Process.WaitForExitAsync(TestApplication.Token).WaitAsync(TestApplication.Bound, TestApplication.Token);

        appHost.Process.ExitCode.ShouldBe(0);
        await TestApplication.EventuallyAsync(() => appHost.Left().Count == 0, () => $"left: {string.Join('\n', appHost.Left())}", Within);
        var lines = appHost.Lines.ToList();
        lines.ShouldContain(line => line.EndsWith("Everything has stopped.", StringComparison.Ordinal));
        lines.FindLastIndex(line => line.StartsWith("web-", StringComparison.Ordinal))
            .ShouldBeLessThan(lines.FindIndex(line => line.Contains("ready to exit", StringComparison.Ordinal)), "Redis ends last");
    }

    [Fact]
    public async Task Kill_Watchdog_EndsTheAppHostWithAnError()
    {
        using var appHost = await TestAppHostProcess.StartAsync("redis-server", "--ignore-terminate");

        using (var watchdog = Process.GetProcessById(appHost.WatchdogId))
        {
            watchdog.Kill();
        }

        await TestApplication.EventuallyAsync(() => appHost.Left().Count == 0, () => $"left: {string.Join('\n', appHost.Left())}", Within);
        await appHost.Process.WaitForExitAsync(TestApplication.Token).WaitAsync(TestApplication.Bound, TestApplication.Token);
        appHost.Process.ExitCode.ShouldBe(1);
        appHost.Lines.ShouldContain(line => line.Contains("error: The watchdog", StringComparison.Ordinal));
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int processId, int signal);
}
