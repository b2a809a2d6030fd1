using System.Diagnostics;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests;

/// <summary>The launcher, when its watchdog is gone.</summary>
public sealed class ProcessLauncherTests
{
    [Fact]
    public async Task Dispose_AfterARequestThatTheWatchdogNeverRead_Ends()
    {
        var launcher = ProcessLauncher.Start();
        using (var watchdog = Process.GetProcessById(launcher.WatchdogId))
        {
            watchdog.Kill();
            await watchdog.WaitForExitAsync(TestApplication.Token).WaitAsync(TestApplication.Bound, TestApplication.Token);
        }

        var process = launcher.Run(new ProcessSpec("true", [], Environment.CurrentDirectory), (_, _) => { });
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => process.Started);
        failure.Message.ShouldBe("The watchdog is gone.");

        await launcher.DisposeAsync().AsTask().WaitAsync(TestApplication.Bound, TestApplication.Token);
    }
}
