using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.ServiceDefaults.Endpoints;

internal sealed partial class EndpointAnnouncer(MeshAddresses addresses, ILogger<EndpointAnnouncer> logger) : IHostedLifecycleService
{
    // Kestrel's own hosted service has run by then.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        LogListening(logger, addresses.Http, addresses.Grpc);
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Listening: HTTP {HttpAddress}, gRPC {GrpcAddress}")]
    private static partial void LogListening(ILogger logger, Uri httpAddress, Uri grpcAddress);
}
