using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Live;

/// <summary>A browser's end of a live stream.</summary>
internal sealed class LiveSocketClient : IDisposable
{
    public const string Config = """{"config":{"audioFormat":{"encoding":"AUDIO_ENCODING_PCM_U8","sampleRateHz":8000,"channelCount":1}}}""";

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public string? Protocol => _socket.SubProtocol;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<LiveSocketClient> OpenAsync(RouterHost router, string? origin = null, params string[] protocols)
    {
        var client = new LiveSocketClient();
        if (origin is not null)
        {
            client._socket.Options.SetRequestHeader("Origin", origin);
        }

        foreach (var protocol in protocols)
        {
            client._socket.Options.AddSubProtocol(protocol);
        }

        client._socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(router.Http.BaseAddress!) { Scheme = "ws", Path = "/v1/live" }.Uri;
        await client._socket.ConnectAsync(address, Token).Bounded();
        return client;
    }

    public Task SendAsync(string text) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, Token).Bounded();

    public Task SayAsync(string text) =>
        _socket.SendAsync(Encoding.ASCII.GetBytes(text), WebSocketMessageType.Binary, endOfMessage: true, Token).Bounded();

    public Task CloseAsync(WebSocketCloseStatus status) => _socket.CloseOutputAsync(status, "", Token).Bounded();

    /// <summary>Breaks the connection.</summary>
    public void Dispose() => _socket.Dispose();

    /// <summary>The next message; null once the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), Token).AsTask().Bounded();
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure);
                return null;
            }

            length += part.Count;
            if (part.EndOfMessage)
            {
                using var json = JsonDocument.Parse(_buffer.AsMemory(0, length));
                return json.RootElement.Clone();
            }
        }
    }

    /// <summary>Reads until a message has this member.</summary>
    public async Task<JsonElement> UntilAsync(string member)
    {
        while (await NextAsync() is { } message)
        {
            if (message.TryGetProperty(member, out var wanted))
            {
                return wanted;
            }
        }

        throw new InvalidOperationException($"The server closed before a message with '{member}' came: {CloseStatus} {CloseReason}.");
    }

    /// <summary>Reads to the end, and gives the texts of the finals.</summary>
    public async Task<List<string?>> FinalsAsync()
    {
        var texts = new List<string?>();
        while (await NextAsync() is { } message)
        {
            if (message.TryGetProperty("final", out var final))
            {
                texts.Add(final.GetProperty("segment").GetProperty("text").GetString());
            }
        }

        return texts;
    }
}
