using WhisperMesh.ServiceDefaults.Errors;

namespace WhisperMesh.Router.Captions;

/// <summary>Sees to it that one session at a time publishes under a name. Sessions ask before they begin.</summary>
internal interface ICaptionNames
{
    /// <summary>
    /// Takes a name for a session, which may have it already: one that goes on, here or coming from another router. A claim runs out
    /// by itself when no session begins with it. Without Redis only this router's sessions are known.
    /// </summary>
    /// <exception cref="MeshException">The name is bad, or another session publishes under it.</exception>
    ValueTask ClaimAsync(string tenantId, string name, string sessionId, CancellationToken cancellationToken);
}
