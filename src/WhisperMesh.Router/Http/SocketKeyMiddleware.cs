using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WhisperMesh.Router.Http;

/// <summary>
/// Takes a browser's API key: a WebSocket there has no headers of its own but the list of protocols, so the key comes as one of these,
/// <c>whispermesh-key.KEY</c> or OpenAI's <c>openai-insecure-api-key.KEY</c>. From here on it is a header like any other's.
/// </summary>
internal sealed class SocketKeyMiddleware(RequestDelegate next)
{
    private static readonly string[] Prefixes = ["whispermesh-key.", "openai-insecure-api-key."];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            Take(context.Request.Headers);
        }

        return next(context);
    }

    private static void Take(IHeaderDictionary headers)
    {
        var protocols = headers[HeaderNames.SecWebSocketProtocol]
            .SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        if (protocols.Find(protocol => KeyOf(protocol) is not null) is not { } withKey)
        {
            return;
        }

        // The key is no protocol that could be agreed on, and what is not there can't be logged.
        headers[HeaderNames.SecWebSocketProtocol] = new StringValues(string.Join(", ", protocols.Where(protocol => KeyOf(protocol) is null)));
        if (StringValues.IsNullOrEmpty(headers.Authorization))
        {
            headers.Authorization = "Bearer " + KeyOf(withKey);
        }
    }

    private static string? KeyOf(string protocol) =>
        Array.Find(Prefixes, prefix => protocol.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix ? protocol[prefix.Length..] : null;
}
