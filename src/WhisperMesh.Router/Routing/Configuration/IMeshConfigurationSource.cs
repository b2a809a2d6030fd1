namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>The configuration in force.</summary>
internal interface IMeshConfigurationSource
{
    /// <summary>Never waits; one request reads it once.</summary>
    MeshConfiguration Current { get; }

    /// <summary>Raised after <see cref="Current"/> was replaced.</summary>
    event Action? Changed;
}
