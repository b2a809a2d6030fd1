using Grpc.Core;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Workers.Connections;

/// <summary>A live stream at a worker. One caller sends, one reads; disposing it ends the stream.</summary>
internal interface ILiveCall : IDisposable
{
    /// <returns>False when the stream is over; its status comes with the reading.</returns>
    Task<bool> TrySendAsync(StreamLiveRequest message, CancellationToken cancellationToken);

    /// <summary>Says that all was sent.</summary>
    Task CompleteAsync();

    /// <summary>The next event; null at the end.</summary>
    /// <exception cref="RpcException">The stream has failed.</exception>
    Task<StreamLiveResponse?> ReadAsync(CancellationToken cancellationToken);
}
