using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Captions;

/// <summary>A browser's EventSource, as far as tests need it.</summary>
internal sealed class SseReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private SseReader(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    public int Status => (int)_response.StatusCode;

    public static async Task<SseReader> OpenAsync(RouterHost router, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var token = TestContext.Current.CancellationToken;
        var response = await router.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).Bounded();
        return new SseReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(token)));
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        var (type, id, data) = ("", (string?)null, "");
        while (await _lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Bounded() is { } line)
        {
            if (line.Length == 0 && data.Length > 0)
            {
                return new SseEvent(type, id, JsonDocument.Parse(data).RootElement);
            }

            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            (type, id, data) = colon < 0 ? (type, id, data) : line[..colon] switch
            {
                "event" => (line[(colon + 2)..], id, data),
                "id" => (type, line[(colon + 2)..], data),
                "data" => (type, id, line[(colon + 2)..]),
                _ => (type, id, data),
            };
        }

        return null;
    }

    public async Task<SseEvent> UntilAsync(string type)
    {
        while (await NextAsync() is { } next)
        {
            if (next.Type == type)
            {
                return next;
            }
        }

        throw new InvalidOperationException($"The stream ended before there was {type}.");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}

internal sealed record SseEvent(string Type, string? Id, JsonElement Data);
