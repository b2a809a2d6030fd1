namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>What a router goes by that has no configuration file.</summary>
internal sealed class NoMeshConfiguration : IMeshConfigurationSource
{
    public MeshConfiguration Current => MeshConfiguration.Empty;

    public event Action? Changed
    {
        add { }
        remove { }
    }
}
