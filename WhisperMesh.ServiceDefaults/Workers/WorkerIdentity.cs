namespace WhisperMesh.ServiceDefaults.Workers;

/// <summary>Who this worker is.</summary>
/// <param name="Id">Unique among all workers, new at each start.</param>
/// <param name="StartTime">When it started.</param>
public sealed record WorkerIdentity(string Id, DateTimeOffset StartTime)
{
    internal static WorkerIdentity Create(string kind, TimeProvider timeProvider) =>
        new($"{kind}-{Guid.NewGuid().ToString("N")[..12]}", timeProvider.GetUtcNow());
}
