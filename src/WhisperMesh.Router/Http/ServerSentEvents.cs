using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Http;

/// <summary>Writes one stream of server-sent events; the response starts with the first.</summary>
internal sealed class ServerSentEvents(HttpResponse response)
{
    private static readonly byte[] Data = "data: "u8.ToArray();
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();

    public bool Started => response.HasStarted;

    /// <summary>Runs <paramref name="work"/>; an error after the first event becomes the last event.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (MeshException e) when (response.HasStarted && !cancellationToken.IsCancellationRequested)
        {
            await SendAsync(StreamError.Of(OpenAiErrors.From(e)), ApiJson.Readable.StreamError, cancellationToken);
        }
    }

    /// <summary>Sends a comment, which clients skip.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Comment, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public async Task SendAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.Headers.CacheControl = "no-cache";
        }

        // JSON on one line holds no line break, so one data field carries it.
        await response.Body.WriteAsync(Data, cancellationToken);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);
        await response.Body.WriteAsync(End, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}

/// <summary>An error after the stream has begun.</summary>
internal sealed record StreamError(string Type, OpenAiError Error)
{
    public static StreamError Of(OpenAiError error) => new("error", error);
}
