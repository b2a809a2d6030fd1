using WhisperMesh.ServiceDefaults.Hosting;

namespace WhisperMesh.Router.Console.Mesh;

/// <summary>Who this router is among others: an id that is new at each start.</summary>
internal sealed class RouterIdentity(TimeProvider time)
{
    public string Id { get; } = $"router-{Guid.NewGuid().ToString("N")[..12]}";

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public string Version { get; } = ProgramVersion.Of(typeof(RouterIdentity));
}
