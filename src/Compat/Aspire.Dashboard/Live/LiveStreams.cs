using Aspire.Dashboard.Configuration;
using Microsoft.Extensions.Options;

namespace Aspire.Dashboard.Live;

/// <summary>Server-sent events: bounded in number, kept alive while nothing happens, and ended with the application.</summary>
internal sealed class LiveStreams(IOptions<TelemetryLimits> options, IHostApplicationLifetime lifetime) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.MaxLiveStreams);

    /// <summary>Runs a stream; <paramref name="run"/> ends when the visitor goes.</summary>
    public async Task ServeAsync(HttpContext http, Func<EventWriter, CancellationToken, Task> run)
    {
        if (!await _places.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            http.Response.Headers.RetryAfter = "5";
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            http.Response.Headers.CacheControl = "no-store";
            await run(new EventWriter(http.Response), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // As every stream ends.
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}

/// <summary>Writes events of one stream; one writer at a time.</summary>
internal sealed class EventWriter(HttpResponse response)
{
    /// <summary>A line that browsers pass over; it finds out that nobody listens any more.</summary>
    public Task KeepAliveAsync(CancellationToken cancellationToken) => WriteAsync(":\n\n", cancellationToken);

    /// <param name="id">What a browser tells when it comes back.</param>
    /// <param name="data">One line.</param>
    /// <param name="cancellationToken">Ends the wait for a slow reader.</param>
    public Task SendAsync(string id, string data, CancellationToken cancellationToken) =>
        WriteAsync($"id: {id}\ndata: {data}\n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
