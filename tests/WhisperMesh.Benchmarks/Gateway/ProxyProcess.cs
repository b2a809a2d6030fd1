using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WhisperMesh.Benchmarks.Gateway;

/// <summary>A program between client and worker, whose processor time and memory are counted with those of its children. Linux only.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Action _cleanUp;

    private ProxyProcess(Process process, Action cleanUp) => (_process, _cleanUp) = (process, cleanUp);

    /// <summary>Processor time so far, user and system, of it and its children.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            // utime and stime, in hundredths of a second, are fields 14 and 15; the name before them may hold spaces.
            const int UserField = 11;
            var ticks = Tree().Select(Fields).OfType<string[]>()
                .Sum(fields => fields[UserField..(UserField + 2)].Sum(text => long.Parse(text, CultureInfo.InvariantCulture)));
            return TimeSpan.FromSeconds(ticks / 100.0);
        }
    }

    /// <summary>Resident memory in megabytes, of it and its children.</summary>
    public double ResidentMegabytes => Tree().Sum(id => Status(id, "VmRSS:")) / 1024.0;

    /// <summary>Memory in megabytes that no file stands behind, of it and its children: heaps and stacks, without programs and weights.</summary>
    public double PrivateMegabytes => Tree().Sum(id => Status(id, "RssAnon:")) / 1024.0;

    /// <summary>Most resident memory in megabytes, of it and its children.</summary>
    public double PeakMegabytes => Tree().Sum(id => Status(id, "VmHWM:")) / 1024.0;

    /// <summary>Starts a program and waits until it listens on <paramref name="port"/>.</summary>
    public static async Task<ProxyProcess> StartAsync(
        ProcessStartInfo info, int port, int? core, Action cleanUp, CancellationToken cancellationToken)
    {
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        var process = Process.Start(info) ?? throw new BenchmarkException($"{info.FileName} did not start.");
        var output = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) => output.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (core is { } one && OperatingSystem.IsLinux())
        {
            process.ProcessorAffinity = 1 << one;
        }

        var proxy = new ProxyProcess(process, cleanUp);
        try
        {
            await proxy.WaitAsync(port, () => $"{info.FileName} ended: {string.Join('\n', output)}", cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _cleanUp();
    }

    private async Task WaitAsync(int port, Func<string> describeEnd, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(StartBound);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await ListensAsync(port, bound.Token))
        {
            if (_process.HasExited)
            {
                throw new BenchmarkException(describeEnd());
            }

            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private IEnumerable<int> Tree() => [_process.Id, .. ChildrenOf(_process.Id)];

    private static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)
        where Fields(id) is { } fields && fields[1] == parent.ToString(CultureInfo.InvariantCulture)
        select id;

    /// <summary>The fields of /proc/ID/stat from the third on; null when the process is gone.</summary>
    private static string[]? Fields(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Status(int id, string field)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
