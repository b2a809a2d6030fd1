using System.Diagnostics;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>Our router, with everything on.</summary>
internal sealed class RouterProxy : IProxy
{
    public const string AdminKey = "benchmarks-only-admin-key-0123456789abcdef";

    public string Name => "whispermesh";

    public bool IsPresent => true;

    /// <summary>Where the router that was started last has its HTTP API.</summary>
    public Uri? Http { get; private set; }

    public Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace("WhisperMesh.Benchmarks", "WhisperMesh.Router", StringComparison.Ordinal), "WhisperMesh.Router.dll"));
        var info = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = Path.GetDirectoryName(program) };
        foreach (var (key, value) in Settings(setup, port))
        {
            info.Environment[key] = value;
        }

        return ProxyProcess.StartAsync(info, port, core, static () => { }, cancellationToken);
    }

    private Dictionary<string, string> Settings(GatewaySetup setup, int port) => new()
    {
        ["Endpoints__HttpPort"] = $"{TakeHttpPort(port)}",
        ["Endpoints__GrpcPort"] = $"{port}",
        ["ConnectionStrings__redis"] = setup.Redis,
        ["Router__SpoolDirectory"] = Path.Combine(setup.Folder, "spool"),
        ["Mesh__Secret"] = GatewaySetup.MeshSecret,
    };

    private int TakeHttpPort(int grpcPort)
    {
        int port;
        do
        {
            port = ProxyProcess.FreePort();
        }
        while (port == grpcPort);
        Http = new Uri($"http://127.0.0.1:{port}");
        return port;
    }
}
