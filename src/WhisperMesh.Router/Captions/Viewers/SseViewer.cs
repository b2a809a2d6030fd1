using WhisperMesh.Router.Captions.Channels;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>A viewer who gets server-sent events.</summary>
internal sealed class SseViewer(HttpResponse response) : IViewerSink
{
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    public async Task SendAsync(SharedEvent message, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(message.Sse, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Comment, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
