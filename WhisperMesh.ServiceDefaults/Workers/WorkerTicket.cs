using WhisperMesh.Speech.V1;

namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>A request's stay at a worker; disposing it ends the stay and frees the place.</summary>
public sealed class WorkerTicket : IDisposable
{
    private readonly WorkerGate _gate;
    private TimeSpan _worked;
    private bool _hasPlace;
    private bool _disposed;

    internal WorkerTicket(WorkerGate gate, WorkerCall call) => (_gate, Call) = (gate, call);

    /// <summary>Audio that the request has read or made, for the worker's load.</summary>
    public TimeSpan Audio { get; set; }

    internal WorkerCall Call { get; }

    /// <summary>Waits for a place to work.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="Errors.MeshException">The caller's deadline passed first.</exception>
    public async Task<TimeSpan> WaitAsync(CancellationToken cancellationToken)
    {
        var waited = await _gate.WaitAsync(Call, cancellationToken);
        _hasPlace = true;
        return waited;
    }

    /// <summary>So much of the audio, from its start, is worked off: the worker's speed is measured by it.</summary>
    public void OnWorked(TimeSpan audio)
    {
        if (_hasPlace && audio > _worked)
        {
            _gate.OnWorked(Call, audio - _worked);
            _worked = audio;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _gate.Leave(Call, _hasPlace, Audio);
        }
    }
}

/// <summary>What the gate knows of a request.</summary>
/// <param name="Model">Id of the model that works on it; null: the only one.</param>
/// <param name="Class">How urgent it is.</param>
/// <param name="Deadline">When the caller stops waiting, UTC; null: never.</param>
public readonly record struct WorkerCall(string? Model = null, RequestClass Class = RequestClass.Unspecified, DateTime? Deadline = null);
