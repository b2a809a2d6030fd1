using System.Net.WebSockets;
using Grpc.Core;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Requests;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live.Sockets;

/// <summary>GET /v1/live: the mesh's own live streams over a WebSocket, for browsers.</summary>
internal sealed class LiveSocketEndpoint(
    ILiveSessions sessions, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveSocketEndpoint> logger)
{
    public const string Protocol = "whispermesh.live.v1";

    // Finds a client that vanished without a word, and keeps proxies from closing a connection on which nobody speaks.
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ConfigTimeout = TimeSpan.FromSeconds(30);

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw ApiException.BadRequest(null, "This is for WebSockets: connect with ws:// or wss://.", "websocket_required");
        }

        var origin = RequestOrigin.Of(context, RouteHeaders.TakeRequestId(context));
        using var socket = new LiveSocket(
            await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol) ? Protocol : null,
                KeepAliveInterval = PingInterval,
                KeepAliveTimeout = PingInterval,
            }),
            options.Value.SlowReaderTimeout,
            time);
        try
        {
            await ServeAsync(socket, origin, context.RequestAborted);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            LiveLog.SocketBroke(logger, origin.RequestId);
        }
    }

    private async Task ServeAsync(LiveSocket socket, RequestOrigin origin, CancellationToken cancellationToken)
    {
        LiveSocketRelay? relay = null;
        MeshException? error = null;
        try
        {
            var config = await ReadConfigAsync(socket, cancellationToken);
            await using var connection = await sessions.ConnectAsync(config, origin, cancellationToken);
            relay = new LiveSocketRelay(socket, connection, cancellationToken);
            await relay.RunAsync();
        }
        catch (MeshException e)
        {
            error = e;
        }
        catch (Exception e) when (e is not (WebSocketException or OperationCanceledException or IOException))
        {
            LiveLog.Failed(logger, e, origin.RequestId);
            error = new MeshException(StatusCode.Internal, ErrorReasons.Internal, "The service failed; its log says why.");
        }

        // The client's hold on the session has been given up by now, so that it can come back while this takes its time.
        await EndAsync(socket, error, relay?.Reading, cancellationToken);
    }

    private async Task<LiveConfig> ReadConfigAsync(LiveSocket socket, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ConfigTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var first = await socket.ReadAsync(either.Token);
        return first.Request?.Config
            ?? throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `config`.");
    }

    private static async Task EndAsync(LiveSocket socket, MeshException? error, Task? reading, CancellationToken cancellationToken)
    {
        if (error is null)
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", reading);
            return;
        }

        try
        {
            if (error.Reason != LiveErrors.TooSlowReason)
            {
                await socket.SendAsync(LiveSocketMessages.Write(error), cancellationToken);
            }
        }
        catch (Exception e) when (e is MeshException or WebSocketException or InvalidOperationException)
        {
            // It is not read; the close code says as much as can be said.
        }

        await socket.CloseAsync(LiveCloseCodes.Of(error), error.Reason, reading);
    }
}
