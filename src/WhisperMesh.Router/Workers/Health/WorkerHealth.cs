namespace WhisperMesh.Router.Workers.Health;

/// <summary>What this router's own calls say of a worker. Guarded by the pool's lock.</summary>
internal sealed class WorkerHealth(RouterOptions options, TimeProvider time)
{
    private long _pausedUntil;

    /// <summary>Whether it may have requests now; where no worker may, all are tried all the same.</summary>
    public bool IsAvailable => _pausedUntil <= time.GetTimestamp();

    /// <summary>Seconds that it takes for a second of audio, as of late; null: not measured yet.</summary>
    public double? NormalizedLatency { get; init; }

    public void On(WorkerOutcome outcome)
    {
        if (outcome.Kind is WorkerOutcomeKind.Refused or WorkerOutcomeKind.Died)
        {
            _pausedUntil = time.GetTimestamp() + (long)(options.FailedWorkerPause.TotalSeconds * time.TimestampFrequency);
        }
    }
}
