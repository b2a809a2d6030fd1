namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>Checks the part of the configuration that one feature reads.</summary>
internal interface IMeshConfigurationCheck
{
    /// <returns>One sentence for each error, beginning with the path of the value, such as <c>routes[0].policy</c>.</returns>
    IEnumerable<string> Check(MeshConfiguration configuration);
}
