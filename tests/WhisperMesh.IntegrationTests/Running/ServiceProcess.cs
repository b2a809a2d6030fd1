using System.Collections.Concurrent;
using System.Diagnostics;

namespace WhisperMesh.IntegrationTests.Running;

/// <summary>A program of this repository as a process of its own; what it prints is kept for failures.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServiceProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    internal string Name { get; }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>What it printed so far.</summary>
    internal string Log => string.Join('\n', _lines);

    /// <summary>Resident memory, in bytes.</summary>
    internal long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    internal static ServiceProcess Start(
        string name,
        string assemblyPath,
        IReadOnlyDictionary<string, string>? environment = null,
        params string[] arguments) => StartBy([], name, assemblyPath, environment, arguments);

    /// <summary>Starts it by a command that ends with the one it is given, such as <c>nice</c>.</summary>
    internal static ServiceProcess StartBy(
        IReadOnlyList<string> launcher,
        string name,
        string assemblyPath,
        IReadOnlyDictionary<string, string>? environment,
        params string[] arguments)
    {
        if (!File.Exists(assemblyPath))
        {
            throw new FileNotFoundException($"{name} is not built: {assemblyPath}");
        }

        string[] command = [.. launcher, "dotnet", assemblyPath, .. arguments];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(assemblyPath),
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[key] = value;
        }

        var service = new ServiceProcess(name, new Process { StartInfo = info });
        service._process.OutputDataReceived += service.Keep;
        service._process.ErrorDataReceived += service.Keep;
        service._process.Start();
        service._process.BeginOutputReadLine();
        service._process.BeginErrorReadLine();
        return service;
    }

    /// <summary>Ends it as a crash would: SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopBound);
    }

    /// <summary>Ends it as a fault in native code would: SIGSEGV, again until it has ended.</summary>
    /// <remarks>
    /// The runtime looks into the first one itself and lets a later one through. Two alone do not always end it: they
    /// count as one when the process, short of a processor, has not taken the first before the second comes.
    /// </remarks>
    internal Task CrashAsync() => Eventually.HoldsAsync(
        async () => _process.HasExited || !await Signals.TrySendAsync(Id, "SEGV"),
        StopBound,
        () => $"{Name} runs on in spite of SIGSEGV:\n{Log}");

    /// <summary>Sends the signal of Ctrl+C.</summary>
    internal Task InterruptAsync() => SignalAsync("INT");

    /// <param name="signal">Such as TERM, STOP or CONT.</param>
    internal Task SignalAsync(string signal) => Signals.SendAsync(Id, signal);

    internal async Task<int> WaitForExitAsync(TimeSpan bound)
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(bound);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Name} runs still after {bound}:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <summary>What to throw when it ended although it should not have, with all that it printed.</summary>
    internal async Task<InvalidOperationException> EndedAsync()
    {
        var code = await WaitForExitAsync(StopBound);
        return new InvalidOperationException($"{Name} ended with exit code {code}:\n{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(StopBound);
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _lines.Enqueue(text);
        }
    }
}
