using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace WhisperMesh.Benchmarks.Gateway.Peers;

/// <summary>YARP, the .NET reverse proxy, as a process of this program.</summary>
internal sealed class YarpProxy : IProxy
{
    public const string Command = "yarp-peer";

    public string Name => "yarp";

    public bool IsPresent => true;

    public Task<ProxyProcess> StartAsync(GatewaySetup setup, int port, int? core, CancellationToken cancellationToken)
    {
        string[] arguments = [typeof(YarpProxy).Assembly.Location, Command, $"{port}", setup.Worker.Address.ToString()];
        return ProxyProcess.StartAsync(new ProcessStartInfo("dotnet", arguments), port, core, static () => { }, cancellationToken);
    }

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> ServeAsync(int port, string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "worker", Match = new RouteMatch { Path = "{**rest}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = "worker",
                    Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = target } },
                    HttpRequest = new ForwarderRequestConfig
                    {
                        Version = HttpVersion.Version20,
                        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                        ActivityTimeout = TimeSpan.FromHours(1),
                    },
                    HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
                },
            ]);
        var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
        return 0;
    }
}
