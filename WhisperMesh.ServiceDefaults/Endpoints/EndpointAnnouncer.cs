using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.ServiceDefaults.Endpoints;

internal sealed partial class EndpointAnnouncer(MeshAddresses addresses, ILogger<EndpointAnnouncer> logger) : IHostedLifecycleService
{
    // Kestrel's own hosted service has run by then.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogListening(logger, addresses.Http, addresses.Grpc);
        foreach (var open in new[] { addresses.Http, addresses.Grpc }.Where(IsReadableOnTheWire))
        {
            LogNotEncrypted(logger, open);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsReadableOnTheWire(Uri address) =>
        address.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(address.DnsSafeHost, out var ip) && !IPAddress.IsLoopback(ip);

    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Listening: HTTP {HttpAddress}, gRPC {GrpcAddress}")]
    private static partial void LogListening(ILogger logger, Uri httpAddress, Uri grpcAddress);

    [LoggerMessage(EventId = 284, Level = LogLevel.Warning,
        Message = "{Address} is beyond loopback and not encrypted: who can listen on the network reads audio and keys. "
            + "Set Endpoints:CertificatePath and KeyPath (workers: Mesh:Tls), or let a proxy add TLS")]
    private static partial void LogNotEncrypted(ILogger logger, Uri address);
}
