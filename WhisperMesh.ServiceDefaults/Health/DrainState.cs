using Microsoft.Extensions.Hosting;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>Whether this process is shutting down: what runs is finished, new work is refused.</summary>
public sealed class DrainState(IHostApplicationLifetime lifetime)
{
    /// <summary>True from the first signal to stop.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;
}
