using WhisperMesh.Router.Routing.Configuration;

namespace WhisperMesh.Router.Tests.Fakes;

/// <summary>A configuration that a test sets.</summary>
internal sealed class FixedConfiguration(MeshConfiguration configuration) : IMeshConfigurationSource
{
    private MeshConfiguration _current = configuration;

    public event Action? Changed;

    public MeshConfiguration Current
    {
        get => _current;
        set
        {
            _current = value;
            Changed?.Invoke();
        }
    }
}
