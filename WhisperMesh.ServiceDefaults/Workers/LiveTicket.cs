namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>A live stream's stay at a worker; disposing it ends the stay.</summary>
public sealed class LiveTicket : IDisposable
{
    private readonly LiveGate _gate;
    private bool _disposed;

    internal LiveTicket(LiveGate gate) => _gate = gate;

    /// <summary>Audio that the stream has brought, for the worker's load.</summary>
    public TimeSpan Audio { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _gate.Leave(Audio);
        }
    }
}
