using Grpc.Core;

namespace WhisperMesh.Router.Workers;

/// <summary>A worker chosen for one try; counts as load until it is disposed.</summary>
internal sealed class WorkerHold(WorkerPool pool, WorkerState state, string model, ChannelBase channel, string reason) : IDisposable
{
    private int _disposed;

    public string WorkerId { get; } = state.Lease.WorkerId;

    /// <summary>Id of the model that serves, aliases resolved.</summary>
    public string Model { get; } = model;

    public ChannelBase Channel { get; } = channel;

    /// <summary>Why it was chosen, for traces.</summary>
    public string Reason { get; } = reason;

    /// <summary>Leaves the worker out for a while: it refused the connection or died.</summary>
    public void Pause() => pool.Pause(state);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            pool.Release(state);
        }
    }
}
