using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Captions.Channels;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>What tests of captions do with a router.</summary>
internal static class CaptionRouter
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static LiveScript Publish(this RouterHost router, string name, string id = "session-1", string tenantId = "local") =>
        new(router.Services.GetServices<ILiveObserver>(), name, id, tenantId);

    /// <summary>The channel, once it is there and as the test wants it.</summary>
    public static async Task<CaptionChannel> UntilAsync(
        this RouterHost router, string name, Func<CaptionLog, bool> condition, string tenantId = "local")
    {
        var board = router.Services.GetRequiredService<CaptionBoard>();
        CaptionChannel? found = null;
        await Bounds.UntilAsync(async () =>
            (found = await board.FindAsync(new ChannelKey(tenantId, name))) is { Log.Run.Length: > 0 } && condition(found.Log));
        return found!;
    }

    public static async Task<ClientWebSocket> ConnectAsync(this RouterHost router, string path)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(router.Http.BaseAddress!, path)) { Scheme = "ws" }.Uri, Token).Bounded();
        return socket;
    }

    /// <summary>The next event; null when the router has closed.</summary>
    public static async Task<JsonElement?> NextAsync(this ClientWebSocket socket)
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var result = await socket.ReceiveAsync(buffer, Token).Bounded();
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            text.Write(buffer, 0, result.Count);
            if (result.EndOfMessage)
            {
                return JsonDocument.Parse(Encoding.UTF8.GetString(text.ToArray())).RootElement;
            }
        }
    }

    /// <summary>Events up to one of a type.</summary>
    public static async Task<List<JsonElement>> UntilAsync(this ClientWebSocket socket, string type)
    {
        List<JsonElement> events = [];
        while (await socket.NextAsync() is { } next)
        {
            events.Add(next);
            if (TypeOf(next) == type)
            {
                return events;
            }
        }

        throw new InvalidOperationException($"The router closed before there was {type}.");
    }

    public static string TypeOf(JsonElement value) => value.GetProperty("type").GetString()!;

    public static IReadOnlyList<string> Captions(this IEnumerable<JsonElement> events) =>
        [.. events.Where(one => TypeOf(one) == "caption").Select(one => one.GetProperty("text").GetString()!)];

    public static async Task<string> GetAsync(this RouterHost router, string path)
    {
        using var response = await router.Http.GetAsync(path, Token).Bounded();
        var text = await response.Content.ReadAsStringAsync(Token);
        ((int)response.StatusCode).ShouldBe(200, text);
        return text;
    }
}
