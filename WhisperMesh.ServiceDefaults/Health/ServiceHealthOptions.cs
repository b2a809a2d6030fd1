namespace WhisperMesh.ServiceDefaults.Health;

/// <summary>What grpc.health.v1 knows by name.</summary>
internal sealed class ServiceHealthOptions
{
    /// <summary>Full names of gRPC services, each with the checks that count for it beside those of the process.</summary>
    public Dictionary<string, IReadOnlyList<string>> Services { get; } = new(StringComparer.Ordinal);
}
