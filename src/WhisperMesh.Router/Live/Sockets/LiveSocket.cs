using System.Buffers;
using System.Net.WebSockets;
using Google.Protobuf;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Live.Sockets;

/// <summary>A client's WebSocket: text is the contract's JSON, binary is audio. For one reader and, beside it, one writer.</summary>
internal sealed class LiveSocket(WebSocket socket, TimeSpan writeTimeout, TimeProvider time) : IDisposable
{
    // A config may bring the words of a long utterance with it.
    private const int MaxMessageBytes = 1024 * 1024;
    private const int ReadBytes = 16 * 1024;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly ArrayBufferWriter<byte> _message = new(ReadBytes);

    /// <summary>With what the client closed; null: it has not, or gave nothing.</summary>
    public WebSocketCloseStatus? ClosedWith => socket.CloseStatus;

    /// <summary>The next message.</summary>
    /// <exception cref="MeshException">It is none that is understood.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<LiveSocketMessage> ReadAsync(CancellationToken cancellationToken)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_message.GetMemory(ReadBytes), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new LiveSocketMessage(null, IsClose: true);
            }

            _message.Advance(part.Count);
            if (_message.WrittenCount > MaxMessageBytes)
            {
                throw MeshException.InvalidArgument("message", $"A message may have at most {MaxMessageBytes} bytes.");
            }

            if (part.EndOfMessage)
            {
                return new LiveSocketMessage(
                    part.MessageType == WebSocketMessageType.Binary
                        ? new StreamLiveRequest { Audio = new LiveAudio { Data = ByteString.CopyFrom(_message.WrittenSpan) } }
                        : LiveSocketMessages.Read(_message.WrittenMemory),
                    IsClose: false);
            }
        }
    }

    /// <exception cref="MeshException">The client does not read.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask SendAsync(byte[] text, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(writeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw LiveErrors.TooSlow();
        }
    }

    /// <summary>Says goodbye and waits a little for the client's: what it still sends must not hide what it was told. Does not throw.</summary>
    /// <param name="status">Why.</param>
    /// <param name="reason">Constant for programs.</param>
    /// <param name="reading">Who reads, until the client's goodbye; null: nobody does.</param>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason, Task? reading)
    {
        using var limit = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, reason, limit.Token);
            }

            await (reading ?? SkipAsync(limit.Token)).WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException or IOException)
        {
            // Gone already, or it does not answer: the connection is closed all the same.
        }
    }

    public void Dispose() => socket.Dispose();

    private async Task SkipAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[ReadBytes];
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            await socket.ReceiveAsync(rest, cancellationToken);
        }
    }
}

/// <summary>What a client said.</summary>
/// <param name="Request">The message; null: it has sent all, or closed.</param>
/// <param name="IsClose">Whether it closed the connection.</param>
internal readonly record struct LiveSocketMessage(StreamLiveRequest? Request, bool IsClose);
