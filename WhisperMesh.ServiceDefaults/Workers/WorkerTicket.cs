namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>A request's stay at a worker; disposing it ends the stay and frees the place.</summary>
public sealed class WorkerTicket : IDisposable
{
    private readonly WorkerGate _gate;
    private bool _hasPlace;
    private bool _disposed;

    internal WorkerTicket(WorkerGate gate) => _gate = gate;

    /// <summary>Audio that the request has read or made, for the worker's load.</summary>
    public TimeSpan Audio { get; set; }

    /// <summary>Waits for a place to work.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
    {
        var waited = await _gate.WaitAsync(cancellationToken);
        _hasPlace = true;
        return waited;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _gate.Leave(_hasPlace, Audio);
        }
    }
}
