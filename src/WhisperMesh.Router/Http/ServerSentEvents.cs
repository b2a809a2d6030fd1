using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Http;

/// <summary>Writes one stream of server-sent events; the response starts with the first, or with the first long wait for it.</summary>
internal sealed class ServerSentEvents(HttpResponse response, TimeProvider time) : IDisposable
{
    // Proxies close a stream that says nothing for a minute, some sooner.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private static readonly byte[] Data = "data: "u8.ToArray();
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isSilent = true;

    public bool Started => response.HasStarted;

    /// <summary>Runs <paramref name="work"/>; an error after the first event becomes the last event.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchSilenceAsync(end.Token);
        try
        {
            await work(cancellationToken);
        }
        catch (MeshException e)
        {
            // First, so that the response does not start between the question whether it has and the answer.
            await StopAsync();
            if (!response.HasStarted || cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            await SendAsync(StreamError.Of(OpenAiErrors.From(e)), ApiJson.Readable.StreamError, cancellationToken);
        }
        finally
        {
            await StopAsync();
        }

        async Task StopAsync()
        {
            await end.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends a comment, which clients skip.</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => WriteAsync([Comment], cancellationToken);

    // JSON on one line holds no line break, so one data field carries it.
    public Task SendAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        WriteAsync([Data, JsonSerializer.SerializeToUtf8Bytes(value, type), End], cancellationToken);

    /// <summary>Sets headers, unless they are sent already.</summary>
    public async ValueTask PrepareAsync(Action<HttpResponse> prepare, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!response.HasStarted)
            {
                prepare(response);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task WatchSilenceAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LongestSilence, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_isSilent)
            {
                await KeepAliveAsync(cancellationToken);
            }

            _isSilent = true;
        }
    }

    private async Task WriteAsync(IReadOnlyList<byte[]> parts, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!response.HasStarted)
            {
                response.ContentType = "text/event-stream; charset=utf-8";
                response.Headers.CacheControl = "no-cache";
            }

            _isSilent = false;
            foreach (var part in parts)
            {
                await response.Body.WriteAsync(part, cancellationToken);
            }

            await response.Body.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>An error after the stream has begun.</summary>
internal sealed record StreamError(string Type, OpenAiError Error)
{
    public static StreamError Of(OpenAiError error) => new("error", error);
}
