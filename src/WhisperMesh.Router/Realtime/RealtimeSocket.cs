using System.Buffers;
using System.Net.WebSockets;
using WhisperMesh.Router.Http;

namespace WhisperMesh.Router.Realtime;

/// <summary>The client's connection: whole messages in, whole events out. For one reader and, beside it, one writer at a time.</summary>
internal sealed class RealtimeSocket(WebSocket socket, TimeProvider time) : IDisposable
{
    // OpenAI takes 15 MiB of audio in one event; base64 makes 20 of it.
    private const int MaxMessageBytes = (20 * 1024 * 1024) + 4096;
    private const int KeptBytes = 256 * 1024;
    private const int ReadBytes = 16 * 1024;

    // A client that does not read for so long is given up.
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _closed = new();
    private ArrayBufferWriter<byte> _message = new(ReadBytes);

    /// <summary>Whether it has said goodbye.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>The next message, to be read before the next call; null when the client has closed.</summary>
    /// <exception cref="ApiException">The message is none that is understood; the next one may be.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        if (_message.Capacity > KeptBytes)
        {
            _message = new ArrayBufferWriter<byte>(ReadBytes);
        }

        var isTooLarge = false;
        _message.ResetWrittenCount();
        while (true)
        {
            var part = await socket.ReceiveAsync(_message.GetMemory(ReadBytes), either.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _message.Advance(part.Count);
            if (_message.WrittenCount > MaxMessageBytes || IsClosing)
            {
                isTooLarge |= !IsClosing;
                _message.ResetWrittenCount();
            }

            if (part.EndOfMessage && !IsClosing)
            {
                return isTooLarge ? throw TooLarge()
                    : part.MessageType != WebSocketMessageType.Text ? throw NotText()
                    : _message.WrittenMemory;
            }
        }
    }

    /// <exception cref="OperationCanceledException">The client does not read.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask SendAsync(IEnumerable<ServerEvent> events, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(WriteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        foreach (var message in events)
        {
            if (!IsClosing)
            {
                await socket.SendAsync(RealtimeJson.Write(message), WebSocketMessageType.Text, endOfMessage: true, either.Token);
            }
        }
    }

    /// <summary>Says goodbye. Who reads sees the client's answer, or is cancelled when none comes in time.</summary>
    public async ValueTask CloseAsync(WebSocketCloseStatus status, string reason)
    {
        if (IsClosing)
        {
            return;
        }

        IsClosing = true;
        using var limit = new CancellationTokenSource(CloseTimeout, time);
        await socket.CloseOutputAsync(status, reason, limit.Token);
        _closed.CancelAfter(CloseTimeout);
    }

    public void Dispose()
    {
        _closed.Dispose();
        socket.Dispose();
    }

    private static ApiException TooLarge() =>
        ApiException.BadRequest(null, $"An event may have at most {MaxMessageBytes} bytes.", "message_too_large");

    private static ApiException NotText() =>
        ApiException.BadRequest(null, "Events are text messages; audio goes into 'input_audio_buffer.append'.", "invalid_message");
}
