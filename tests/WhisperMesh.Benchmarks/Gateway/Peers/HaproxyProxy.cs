using System.Diagnostics;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>haproxy, HTTP/2 on both sides, one thread.</summary>
internal sealed class HaproxyProxy : IProxy
{
    public string Name => "haproxy";

    public bool IsPresent => Programs.Has("haproxy");

    public Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken)
    {
        var file = Path.Combine(setup.Folder, "haproxy.cfg");
        File.WriteAllText(file, $"""
            global
              nbthread 1
              maxconn 4096
            defaults
              mode http
              timeout connect 5s
              timeout client 1h
              timeout server 1h
            frontend in
              bind 127.0.0.1:{port} proto h2
              default_backend worker
            backend worker
              http-reuse always
              server one {setup.Worker.Address.Authority} proto h2

            """);
        return ProxyProcess.StartAsync(
            new ProcessStartInfo(Programs.Find("haproxy")!, ["-db", "-f", file]), port, core, static () => { }, cancellationToken);
    }
}
