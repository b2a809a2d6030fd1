using System.Net.WebSockets;
using WhisperMesh.Router.Captions.Channels;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>A viewer on a WebSocket. Viewers only listen.</summary>
internal sealed class WebSocketViewer(WebSocket socket) : IViewerSink
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>Whether the viewer said something, which it has no business to.</summary>
    public bool HasSpoken { get; private set; }

    public Task SendAsync(SharedEvent message, CancellationToken cancellationToken) =>
        socket.SendAsync(message.Json, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    // The protocol's own pings do.
    public Task KeepAliveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns when the viewer closes the connection, loses it, or says anything.</summary>
    /// <returns>Whether it said something.</returns>
    public async Task<bool> ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await socket.ReceiveAsync(new byte[1], cancellationToken);
            HasSpoken |= result.MessageType != WebSocketMessageType.Close;
            return result.MessageType != WebSocketMessageType.Close;
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Closes, and gives the viewer a moment to do the same: else the last messages may be lost with the connection.</summary>
    /// <param name="status">Why.</param>
    /// <param name="reason">The same in words.</param>
    /// <param name="listening">What <see cref="ListenAsync"/> gave.</param>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason, Task<bool> listening)
    {
        using var limit = new CancellationTokenSource(CloseTime);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, reason, limit.Token);
            }

            var talks = await listening.WaitAsync(limit.Token);
            while (talks)
            {
                talks = await ListenAsync(limit.Token);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }
}
