using Grpc.Net.Client;
using Microsoft.Extensions.Options;
using WhisperMesh.ServiceDefaults.Clients;

namespace WhisperMesh.Router.Workers;

/// <summary>Opens channels to workers, with the short patience of someone who has other workers.</summary>
internal sealed class WorkerChannels(IOptions<RouterOptions> options, ILoggerFactory loggerFactory)
{
    public GrpcChannel Open(string address)
    {
        var handler = GrpcChannelDefaults.CreateHandler();
        handler.ConnectTimeout = options.Value.ConnectTimeout;
        handler.KeepAlivePingDelay = options.Value.SilentWorkerTimeout / 2;
        handler.KeepAlivePingTimeout = options.Value.SilentWorkerTimeout / 2;

        var channel = GrpcChannelDefaults.CreateOptions(loggerFactory);
        channel.HttpHandler?.Dispose();
        channel.HttpHandler = handler;
        return GrpcChannel.ForAddress(address, channel);
    }
}
