using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.Watchdog;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Starts processes through the watchdog. Its standard input is the pipe whose end tells the watchdog that we are gone, so it stays open
/// until all has stopped.
/// </summary>
internal sealed class ProcessLauncher : IAsyncDisposable
{
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly Process _watchdog;
    private readonly ConcurrentDictionary<int, RunningProcess> _processes = new();
    private readonly Lock _writing = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _lastId;
    private volatile bool _closing;

    private ProcessLauncher(Process watchdog)
    {
        _watchdog = watchdog;
        _reading = ReadAsync();
    }

    /// <summary>Ends when the watchdog is gone although nobody told it to; nothing that it started is left then.</summary>
    public Task Lost => _lost.Task;

    public int WatchdogId => _watchdog.Id;

    public static ProcessLauncher Start()
    {
        var assembly = typeof(Request).Assembly.Location;
        var start = new ProcessStartInfo(ProcessPlanner.DotNet, ["exec", assembly])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        return new ProcessLauncher(Process.Start(start) ?? throw new DistributedApplicationException("The watchdog did not start."));
    }

    /// <summary>Starts a process; <paramref name="onLine"/> gets each line that it writes, and whether that was to standard error.</summary>
    public RunningProcess Run(ProcessSpec spec, Action<string, bool> onLine)
    {
        var id = Interlocked.Increment(ref _lastId);
        var process = new RunningProcess(id, onLine, Send);
        _processes[id] = process;
        Send(new Request(RequestKind.Start, id)
        {
            FileName = spec.FileName,
            Arguments = spec.Arguments,
            WorkingDirectory = spec.WorkingDirectory,
            Environment = spec.Environment,
            Input = spec.Input,
            SecretFile = spec.SecretFile,
        });
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing)
        {
            return;
        }

        _closing = true;
        CloseInput();
        try
        {
            await _watchdog.WaitForExitAsync().WaitAsync(EndTime);
            await _reading;
        }
        catch (TimeoutException)
        {
            ProcessGroup.KillRest(_watchdog.Id);
        }

        _watchdog.Dispose();
    }

    private async Task ReadAsync()
    {
        await Task.Yield();
        while (await _watchdog.StandardOutput.ReadLineAsync() is { } line)
        {
            var report = JsonSerializer.Deserialize(line, MessageJson.Default.Report)!;
            if (_processes.TryGetValue(report.Id, out var process))
            {
                process.OnReport(report);
                if (report.Kind is ReportKind.Exited or ReportKind.NotStarted)
                {
                    _processes.TryRemove(report.Id, out _);
                }
            }
        }

        OnEnd();
    }

    private void CloseInput()
    {
        lock (_writing)
        {
            try
            {
                _watchdog.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it read the last request; Send has failed that one.
            }
        }
    }

    private void OnEnd()
    {
        if (!_closing)
        {
            // Without its guard nothing may go on.
            ProcessGroup.KillRest(_watchdog.Id);
            _lost.TrySetResult();
        }

        foreach (var process in _processes.Values)
        {
            process.Fail("The watchdog is gone.");
        }
    }

    private void Send(Request request)
    {
        var line = JsonSerializer.Serialize(request, MessageJson.Default.Request);
        lock (_writing)
        {
            try
            {
                _watchdog.StandardInput.WriteLine(line);
                _watchdog.StandardInput.Flush();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                if (_processes.TryRemove(request.Id, out var process))
                {
                    process.Fail("The watchdog is gone.");
                }
            }
        }
    }
}
