using Microsoft.Extensions.Hosting;
using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>Whether this process is shutting down: what runs is finished, new work is refused.</summary>
public sealed class DrainState(IHostApplicationLifetime lifetime)
{
    /// <summary>True from the first signal to stop.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when draining begins.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;

    internal void ThrowIfDraining()
    {
        if (IsDraining)
        {
            throw MeshException.Unavailable(
                ErrorReasons.Draining, "This worker is shutting down and takes no new requests.", TimeSpan.FromSeconds(1));
        }
    }
}
