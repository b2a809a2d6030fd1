using System.Diagnostics;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>nginx with <c>grpc_pass</c>, one worker process.</summary>
internal sealed class NginxProxy : IProxy
{
    public string Name => "nginx";

    public bool IsPresent => Programs.Has("nginx");

    public Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(setup.Folder, "nginx")).FullName;
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log warn;
            worker_processes 1;
            worker_rlimit_nofile 4096;
            events { worker_connections 2048; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;
              client_max_body_size 0;
              http2_max_concurrent_streams 1000;
              keepalive_requests 100000000;
              upstream worker {
                server {{setup.Worker.Address.Authority}};
                keepalive 512;
                keepalive_requests 100000000;
              }
              server {
                listen 127.0.0.1:{{port}} http2;
                location / {
                  grpc_pass grpc://worker;
                  grpc_read_timeout 1h;
                  grpc_send_timeout 1h;
                  client_body_timeout 1h;
                }
              }
            }
            """);
        return ProxyProcess.StartAsync(
            new ProcessStartInfo(Programs.Find("nginx")!, ["-c", file, "-p", folder]), port, core, static () => { }, cancellationToken);
    }
}
