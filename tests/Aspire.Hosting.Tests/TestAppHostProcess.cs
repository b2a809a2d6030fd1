using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aspire.Hosting.Tests;

/// <summary>The AppHost of Aspire.Hosting.TestApp as a process of its own, up and healthy.</summary>
internal sealed class TestAppHostProcess : IDisposable
{
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestAppHostProcess(Process process) => Process = process;

    public Process Process { get; }

    public int WatchdogId { get; private set; }

    /// <summary>What it wrote.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public static async Task<TestAppHostProcess> StartAsync(string server, params string[] arguments)
    {
        // Beside our own output, in the same configuration.
        var folder = AppContext.BaseDirectory.Replace("Aspire.Hosting.Tests", "Aspire.Hosting.TestApp", StringComparison.Ordinal);
        var program = Path.Combine(folder, "Aspire.Hosting.TestApp.dll");
        var start = new ProcessStartInfo(Orchestration.ProcessPlanner.DotNet, ["exec", program, "apphost", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["Redis__Server"] = server;
        var result = new TestAppHostProcess(new Process { StartInfo = start });
        result.Process.OutputDataReceived += (_, line) => result.OnLine(line.Data);
        result.Process.Start();
        result.Process.BeginOutputReadLine();
        await result._healthy.Task.WaitAsync(TestApplication.Bound, TestApplication.Token);

        result.WatchdogId = ProcessTable.WatchdogOf(result.Process.Id).Id;
        var group = ProcessTable.InGroup(result.WatchdogId);
        group.Count(row => row.Command.StartsWith("sleep", StringComparison.Ordinal)).ShouldBe(2, string.Join('\n', group));
        group.Count.ShouldBeGreaterThanOrEqualTo(6, "watchdog, Redis, two services and their children");
        return result;
    }

    /// <summary>What lives of its group, the watchdog included.</summary>
    public IReadOnlyList<ProcessTable.Row> Left() => ProcessTable.InGroup(WatchdogId);

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            // The watchdog sees to the rest.
            Process.Kill();
        }

        Process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            _healthy.TrySetException(new InvalidOperationException(string.Join('\n', Lines)));
            return;
        }

        Lines.Enqueue(line);
        if (line.Contains("processes are healthy", StringComparison.Ordinal))
        {
            _healthy.TrySetResult();
        }
    }
}
