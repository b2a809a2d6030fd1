using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>A client of the realtime API, message by message.</summary>
internal sealed class RealtimeClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? SubProtocol => _socket.SubProtocol;

    public static async Task<RealtimeClient> ConnectAsync(
        RouterHost router, string query = "?intent=transcription", Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new RealtimeClient();
        configure?.Invoke(client._socket.Options);
        var address = new UriBuilder(new Uri(router.Http.BaseAddress!, "/v1/realtime")) { Scheme = "ws", Query = query }.Uri;
        await client._socket.ConnectAsync(address, TestContext.Current.CancellationToken).Bounded();
        return client;
    }

    public Task SendAsync(string message) => _socket
        .SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken).Bounded();

    public Task SendBytesAsync(byte[] message) =>
        _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken).Bounded();

    public Task AppendAsync(byte[] audio) => SendAsync($$"""{"type":"input_audio_buffer.append","audio":"{{Convert.ToBase64String(audio)}}"}""");

    /// <summary>Sends silence, 24 kHz.</summary>
    public Task AppendAsync(double seconds) => AppendAsync(new byte[(int)(seconds * 48_000)]);

    public Task UpdateAsync(string input) =>
        SendAsync("{\"type\":\"session.update\",\"session\":{\"type\":\"transcription\",\"audio\":{\"input\":" + input + "}}}");

    /// <summary>The next event; null when the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).Bounded();
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonDocument.Parse(message.ToArray()).RootElement;
            }
        }
    }

    /// <summary>The next event, which is of this type.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        var message = (await NextAsync()).ShouldNotBeNull();
        message.GetProperty("type").GetString().ShouldBe(type, message.ToString());
        message.GetProperty("event_id").GetString().ShouldStartWith("event_");
        return message;
    }

    /// <summary>The next events, which are of these types.</summary>
    public async Task<List<JsonElement>> NextAsync(params string[] types)
    {
        List<JsonElement> messages = [];
        foreach (var type in types)
        {
            messages.Add(await NextAsync(type));
        }

        return messages;
    }

    /// <summary>The next event, which is an error.</summary>
    public async Task<JsonElement> ErrorAsync() => (await NextAsync("error")).GetProperty("error");

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken).Bounded();

    /// <summary>Goes without a word.</summary>
    public void Vanish() => _socket.Abort();

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
