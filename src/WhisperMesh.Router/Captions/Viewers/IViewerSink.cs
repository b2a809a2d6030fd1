using WhisperMesh.Router.Captions.Channels;

namespace WhisperMesh.Router.Captions.Viewers;

/// <summary>A viewer's connection.</summary>
internal interface IViewerSink
{
    Task SendAsync(SharedEvent message, CancellationToken cancellationToken);

    /// <summary>Shows that the connection stands, and finds out whether it does.</summary>
    Task KeepAliveAsync(CancellationToken cancellationToken);
}
