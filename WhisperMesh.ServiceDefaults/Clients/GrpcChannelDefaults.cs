using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace WhisperMesh.ServiceDefaults.Clients;

/// <summary>How processes of the mesh call each other: no retries on streams, those are the router's business.</summary>
public static class GrpcChannelDefaults
{
    /// <summary>Largest message either way: a segment with its words, or an audio chunk, has room many times over.</summary>
    public const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>Opens a channel to <paramref name="address"/>, which its owner disposes.</summary>
    public static GrpcChannel CreateChannel(Uri address, ILoggerFactory? loggerFactory = null) =>
        GrpcChannel.ForAddress(address, CreateOptions(loggerFactory));

    /// <summary>Channel options with a handler that the channel owns.</summary>
    public static GrpcChannelOptions CreateOptions(ILoggerFactory? loggerFactory = null) => new()
    {
        HttpHandler = CreateHandler(),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MaxMessageBytes,
        MaxSendMessageSize = MaxMessageBytes,
        MaxRetryAttempts = null,
        LoggerFactory = loggerFactory,
    };

    /// <summary>A handler that notices dead peers and opens more connections when 100 streams fill one.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        KeepAlivePingDelay = TimeSpan.FromSeconds(15),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        // Mesh traffic stays in the mesh, whatever proxy the environment names.
        UseProxy = false,
    };
}
