using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WhisperMesh.Tests.Shared;

/// <summary>A real Redis on a free loopback port: redis-server when it is on the PATH, else Garnet from the tool manifest.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-redis-").FullName;
    private Process? _process;

    private RedisServer(int port) => Port = port;

    public int Port { get; }

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Redis is not started.");

    /// <summary>In StackExchange.Redis form.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>A server that is not started yet, on a port that was free a moment ago.</summary>
    public static RedisServer CreateStopped() => new(FreePorts.Next());

    public static async Task<RedisServer> StartNewAsync(CancellationToken cancellationToken)
    {
        var server = CreateStopped();
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Starts, or starts again on the same port, without any data.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(StartBound);
        _process = Process.Start(StartInfo()) ?? throw new InvalidOperationException("Redis did not start.");
        // Nobody reads what it prints; a full pipe would stop it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync(bound.Token))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"Redis ended with exit code {_process.ExitCode}.");
            }

            await beat.WaitForNextTickAsync(bound.Token);
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        _process = null;
        using (process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments;
        if (OnPath("redis-server"))
        {
            info.FileName = "redis-server";
            arguments = ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder];
        }
        else
        {
            info.FileName = "dotnet";
            // The tool manifest is found from the repository upwards.
            info.WorkingDirectory = AppContext.BaseDirectory;
            arguments = ["tool", "run", "garnet-server", "--", "--port", $"{Port}", "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode"];
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[64];
            var length = await stream.ReadAsync(answer, cancellationToken);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe")));
}
